// Public names of geopivot/simulate.
export {};
