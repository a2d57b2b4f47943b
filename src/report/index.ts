// Public names of geopivot/report.
export {};
