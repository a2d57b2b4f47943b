import type { Command, Option } from "commander";

/** The shells that scripts are written for. */
export const SHELLS = ["bash", "zsh", "fish"] as const;

export type Shell = (typeof SHELLS)[number];

/** A script by which a shell completes commands, options and the values that an option chooses from. */
export function completionScript(shell: Shell, program: Command): string {
  const commands = program.commands.map(described);
  return { bash: bashScript, zsh: zshScript, fish: fishScript }[shell](program.name(), commands);
}

interface Described {
  readonly name: string;
  readonly about: string;
  readonly options: readonly DescribedOption[];
}

interface DescribedOption {
  /** `--json`, and `-j` where there is one. */
  readonly flags: readonly string[];
  readonly about: string;
  /** Whether a value follows: always, or if one likes. */
  readonly takes: "nothing" | "a value" | "perhaps a value";
  readonly choices: readonly string[];
}

function described(command: Command): Described {
  return { name: command.name(), about: command.description(), options: [...command.options.map(option), HELP] };
}

const HELP: DescribedOption = { flags: ["--help"], about: "what the command does", takes: "nothing", choices: [] };

function option({ long, short, description, required, optional, argChoices }: Option): DescribedOption {
  return {
    flags: [long, short].filter((flag) => typeof flag === "string"),
    about: description,
    takes: required ? "a value" : optional ? "perhaps a value" : "nothing",
    choices: argChoices ?? [],
  };
}

/** Bash: words of the command that stands first, choices of the option before the cursor, else files. */
function bashScript(program: string, commands: readonly Described[]): string {
  const names = commands.map(({ name }) => name);
  const words = commands.map(
    ({ name, options }) => `    ${name}) words="${options.flatMap(({ flags }) => flags).join(" ")}" ;;`,
  );
  const chosen = commands.flatMap(({ name, options }) =>
    options
      .filter(({ choices }) => choices.length > 0)
      .map(
        ({ flags, choices }) =>
          `    ${flags.map((flag) => `"${name} ${flag}"`).join("|")}) choices="${choices.join(" ")}" ;;`,
      ),
  );
  return `# bash completion of ${program}: source <(${program} completion bash)
_${program}() {
  local cur="\${COMP_WORDS[COMP_CWORD]}" prev="\${COMP_WORDS[COMP_CWORD - 1]}" command="" words="${names.join(" ")} --help --version" choices="" i
  for ((i = 1; i < COMP_CWORD; i++)); do
    case "\${COMP_WORDS[i]}" in ${names.join("|")}) command="\${COMP_WORDS[i]}"; break ;; esac
  done
  case "$command" in
${words.join("\n")}
  esac
  case "$command $prev" in
${[...chosen, "    *) ;;"].join("\n")}
  esac
  COMPREPLY=()
  if [[ -n "$choices" ]]; then
    while IFS= read -r i; do COMPREPLY+=("$i"); done < <(compgen -W "$choices" -- "$cur")
  elif [[ -z "$command" || "$cur" == -* ]]; then
    while IFS= read -r i; do COMPREPLY+=("$i"); done < <(compgen -W "$words" -- "$cur")
  fi
}
complete -o bashdefault -o default -F _${program} ${program}
`;
}

function zshScript(program: string, commands: readonly Described[]): string {
  const listed = commands.map(({ name, about }) => `    ${quoted(`${name}:${about}`)}`);
  const cases = commands.map(({ name, options }) => {
    const specs = options.flatMap(({ flags, about, takes, choices }) =>
      flags.map((flag) => {
        const value = choices.length > 0 ? `:value:(${choices.join(" ")})` : ":value:_files";
        const text = about.replace(/[[\]:]/g, (special) => `\\${special}`);
        return `      ${quoted(`*${flag}[${text}]${takes === "a value" ? value : takes === "nothing" ? "" : `:${value}`}`)}`;
      }),
    );
    return `    ${name}) _arguments \\\n${[...specs, "      '*:file:_files'"].join(" \\\n")} ;;`;
  });
  return `#compdef ${program}
# zsh completion of ${program}: source <(${program} completion zsh)
_${program}() {
  local -a commands
  commands=(
${listed.join("\n")}
  )
  if (( CURRENT == 2 )); then
    _describe command commands
    return
  fi
  local command="$words[2]"
  shift words
  (( CURRENT-- ))
  case "$command" in
${cases.join("\n")}
  esac
}
(( $+functions[compdef] )) && compdef _${program} ${program}
`;
}

function fishScript(program: string, commands: readonly Described[]): string {
  const names = commands.map(({ name }) => name).join(" ");
  const first = commands.map(
    ({ name, about }) =>
      `complete -c ${program} -f -n "not __fish_seen_subcommand_from ${names}" -a ${name} -d ${quoted(about, "fish")}`,
  );
  const options = commands.flatMap((command) =>
    command.options.map(({ flags, about, takes, choices }) => {
      const told = flags
        .map((flag) => (flag.startsWith("--") ? `-l ${flag.slice(2)}` : `-s ${flag.slice(1)}`))
        .join(" ");
      const value =
        choices.length > 0 ? ` -x -a ${quoted(choices.join(" "), "fish")}` : takes === "a value" ? " -r" : "";
      return `complete -c ${program} -n "__fish_seen_subcommand_from ${command.name}" ${told}${value} -d ${quoted(about, "fish")}`;
    }),
  );
  return `# fish completion of ${program}: ${program} completion fish | source\n${[...first, ...options].join("\n")}\n`;
}

/** A word in single quotes, in which a shell reads nothing. */
function quoted(text: string, shell: "sh" | "fish" = "sh"): string {
  const plain = text.replaceAll("\n", " ");
  return shell === "fish"
    ? `'${plain.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`
    : `'${plain.replaceAll("'", "'\\''")}'`;
}
