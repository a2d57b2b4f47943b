import type { UnArea } from "./unAreas.js";

/** Regions by the UN: code, that of the region around it, name, and the countries in it by alpha-3. */
const REGIONS = `
001||World|ATA
002|001|Africa|
005|419|South America|ARG BOL BVT BRA CHL COL ECU FLK SGS GUF GUY PRY PER SUR URY VEN
009|001|Oceania|
011|202|Western Africa|CPV BEN GMB GHA GIN CIV LBR MLI MRT NER NGA GNB SHN SEN SLE TGO BFA
013|419|Central America|BLZ CRI SLV GTM HND MEX NIC PAN
014|202|Eastern Africa|IOT BDI COM MYT ETH ERI ATF DJI KEN MDG MWI MUS MOZ REU RWA SYC SOM ZWE SSD UGA TZA ZMB
015|002|Northern Africa|DZA LBY MAR SDN ESH TUN EGY
017|202|Middle Africa|AGO CMR CAF TCD COG COD GNQ GAB STP
018|202|Southern Africa|BWA LSO NAM ZAF SWZ
019|001|Americas|
021|019|Northern America|BMU CAN GRL SPM USA
029|419|Caribbean|ATG BHS BRB VGB CYM CUB DMA DOM GRD GLP HTI JAM MTQ MSR CUW ABW SXM BES PRI BLM KNA AIA LCA MAF VCT TTO TCA VIR
030|142|Eastern Asia|CHN HKG JPN PRK KOR MAC MNG
034|142|Southern Asia|AFG BGD BTN LKA IND IRN MDV NPL PAK
035|142|South-eastern Asia|BRN MMR KHM IDN LAO MYS PHL TLS SGP VNM THA
039|150|Southern Europe|ALB AND BIH HRV GIB GRC VAT ITA MLT MNE PRT SMR SRB SVN ESP MKD
053|009|Australia and New Zealand|AUS CXR CCK HMD NZL NFK
054|009|Melanesia|SLB FJI NCL VUT PNG
057|009|Micronesia|KIR GUM NRU MNP UMI FSM MHL PLW
061|009|Polynesia|ASM COK PYF NIU PCN TKL TON TUV WLF WSM
142|001|Asia|
143|142|Central Asia|KAZ KGZ TJK TKM UZB
145|142|Western Asia|AZE BHR ARM CYP GEO PSE IRQ ISR JOR KWT LBN OMN QAT SAU SYR ARE TUR YEM
150|001|Europe|
151|150|Eastern Europe|BGR BLR CZE HUN MDA POL ROU RUS SVK UKR
154|150|Northern Europe|DNK EST FRO FIN ALA ISL IRL LVA LTU NOR SJM SWE GBR GGY JEY IMN
155|150|Western Europe|AUT BEL FRA DEU LIE LUX MCO NLD CHE
202|002|Sub-Saharan Africa|
419|019|Latin America and the Caribbean|`;

/** Stands for `unAreas.ts` in a page, which does without the names of countries: all that it reads is coded. */
export const unAreas: readonly UnArea[] = REGIONS.trim()
  .split("\n")
  .flatMap((line): UnArea[] => {
    const [code, parent, name, countries] = line.split("|") as [string, string, string, string];
    const within = countries === "" ? [] : countries.split(" ");
    const region = { code, name, ...(parent === "" ? {} : { parent }) };
    return [region, ...within.map((iso3166) => ({ code: "", name: "", parent: code, iso3166 }))];
  });
