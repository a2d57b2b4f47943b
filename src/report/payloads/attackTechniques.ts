interface Named {
  readonly id: string;
  readonly name: string;
}

/** What MITRE ATT&CK calls a subtype of suspicious traffic. */
export interface AttackTechnique {
  readonly tactic: Named;
  readonly technique: Named;
  readonly subtechnique?: Named;
}

const INITIAL_ACCESS = { id: "TA0001", name: "Initial Access" };
const CREDENTIAL_ACCESS = { id: "TA0006", name: "Credential Access" };
const VALID_ACCOUNTS = { tactic: INITIAL_ACCESS, technique: { id: "T1078", name: "Valid Accounts" } };
const BRUTE_FORCE = { tactic: CREDENTIAL_ACCESS, technique: { id: "T1110", name: "Brute Force" } };

/** Techniques by subtype of finding; what is missing has none that is certain. */
export const ATTACK_TECHNIQUES: Readonly<Record<string, AttackTechnique>> = {
  "impossible-travel": VALID_ACCOUNTS,
  "concurrent-sessions": VALID_ACCOUNTS,
  "brute-force": BRUTE_FORCE,
  "password-spraying": { ...BRUTE_FORCE, subtechnique: { id: "T1110.003", name: "Password Spraying" } },
  "credential-stuffing": { ...BRUTE_FORCE, subtechnique: { id: "T1110.004", name: "Credential Stuffing" } },
};
