declare module "unbzip2-stream" {
  /** Makes a classic duplex stream that undoes bzip2. */
  function unbzip2(): NodeJS.ReadWriteStream;
  export = unbzip2;
}
