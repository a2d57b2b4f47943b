/** Failures of the operating system that are about the files the user named, not about us, in words. */
const REASONS: Readonly<Record<string, string>> = {
  ENOENT: "there is no such file or folder",
  EACCES: "permission denied",
  EPERM: "permission denied",
  EISDIR: "it is a folder",
  ENOTDIR: "a part of the path is no folder",
  EEXIST: "a part of the path is a file",
  ENOSPC: "the disk is full",
  EDQUOT: "the disk's quota is used up",
  EROFS: "the disk is read-only",
  EMFILE: "too many files are open",
  ENAMETOOLONG: "its name is too long",
  ELOOP: "its links go round in a circle",
  ENXIO: "nothing is at the other end",
  EIO: "the disk fails",
  EFBIG: "it would be too large",
  EBUSY: "it is in use",
  ETXTBSY: "it is in use",
  ERR_INVALID_ARG_VALUE: "the path has a null character",
};

/** Why a file cannot be read or written; undefined if the error is about something else. */
export function fileErrorReason(error: unknown): string | undefined {
  const code = error instanceof Error ? (error as NodeJS.ErrnoException).code : undefined;
  return code !== undefined && Object.hasOwn(REASONS, code) ? REASONS[code] : undefined;
}
