/** What the hours of a day and the days of a week do to traffic, by the clock and the weekend of each place. */
export type RhythmName = "business" | "leisure" | "mixed" | "flat";

/** How requests hang together: what real traffic is made of, each part on or off. */
export interface TextureSpec {
  readonly rhythm: RhythmName;
  /** Mean number of pages that a visitor looks at in a session (geometric). */
  readonly pagesPerSession: number;
  /** Mean number of further requests that a page brings with it. */
  readonly assetsPerPage: number;
  /** How their number varies: not at all, geometrically, or with a heavy tail (Pareto, infinite variance). */
  readonly assets: "fixed" | "geometric" | "heavy";
  /** Share of all requests that clients make which ask every few minutes. */
  readonly sync: number;
  /** Share of all requests that crawlers make: a handful of addresses, for hours, then not for hours. */
  readonly crawlers: number;
  /** Share of the people who come through a few shared addresses of their country's carriers. */
  readonly carriers: number;
  /** Health checks that ask for one path on the minute. */
  readonly monitors: number;
  /** Factor by which traffic grows in a week. */
  readonly growthPerWeek: number;
  /** Relative standard deviation of each city's slow ups and downs. */
  readonly unrest: number;
  /** Times in the life of a country: 2 to 9 hours with 1.5 to 6 times as many visitors, on some days. */
  readonly campaigns: number;
  /** A country has a day off now and then: as on a weekend. */
  readonly holidays: number;
  /** Whether a new release takes over within hours, from the middle of the log on. */
  readonly release: boolean;
  /** How many PoPs answer, each for some longitudes; up to 4, and 0 for a log that does not say. */
  readonly pops: number;
  /** What a log-in is answered with that goes through, and one that does not. */
  readonly loginWorks: number;
  readonly loginFails: number;
}

/** Independent requests, and little else. */
const PLAIN: TextureSpec = {
  rhythm: "mixed",
  pagesPerSession: 1,
  assetsPerPage: 0,
  assets: "fixed",
  sync: 0,
  crawlers: 0,
  carriers: 0,
  monitors: 0,
  growthPerWeek: 1,
  unrest: 0.05,
  campaigns: 0,
  holidays: 0,
  release: false,
  pops: 0,
  loginWorks: 200,
  loginFails: 401,
};

const SESSIONS: TextureSpec = { ...PLAIN, pagesPerSession: 5, assetsPerPage: 6, assets: "heavy" };

/** Textures by name: one trait each on top of sessions, and all of them together. */
export const TEXTURES = {
  plain: PLAIN,
  pages: { ...PLAIN, rhythm: "flat", assetsPerPage: 4 },
  geometric: { ...PLAIN, rhythm: "flat", assetsPerPage: 5, assets: "geometric" },
  sessions: SESSIONS,
  business: { ...SESSIONS, rhythm: "business" },
  leisure: { ...SESSIONS, rhythm: "leisure" },
  sync: { ...SESSIONS, sync: 0.6 },
  crawlers: { ...SESSIONS, crawlers: 0.3, monitors: 4 },
  carriers: { ...SESSIONS, carriers: 0.7 },
  growth: { ...SESSIONS, growthPerWeek: 1.5 },
  campaign: { ...SESSIONS, campaigns: 2 },
  release: { ...SESSIONS, rhythm: "business", release: true },
  holiday: { ...SESSIONS, rhythm: "business", holidays: 1 },
  unrest: { ...SESSIONS, unrest: 0.2 },
  everything: {
    ...SESSIONS,
    sync: 0.25,
    crawlers: 0.15,
    carriers: 0.3,
    monitors: 4,
    growthPerWeek: 1.15,
    unrest: 0.1,
    campaigns: 1,
    release: true,
  },
} as const satisfies Readonly<Record<string, TextureSpec>>;

export type TextureName = keyof typeof TEXTURES;

/** The texture that a spec means by a name, or by the traits in which it differs from independent requests. */
export function textureOf(texture: TextureName | Partial<TextureSpec>): TextureSpec {
  return typeof texture === "string" ? TEXTURES[texture] : { ...PLAIN, ...texture };
}
