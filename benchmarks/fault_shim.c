/* Faults of a disk, by LD_PRELOAD: the Nth writing call below a folder fails, or is the last one of the process.

   HXD_FAULT_ROOT    the folder; what lies elsewhere is left alone
   HXD_FAULT_COUNT   a file of 8 bytes in which the calls of all processes are counted
   HXD_FAULT_AT      number of the call
   HXD_FAULT_DO      "kill" before it; or the errno that it and (without HXD_FAULT_ONCE) all later ones fail with
   HXD_FAULT_READS   also reads fail
   HXD_FAULT_SHADOW  a folder that keeps what a power cut leaves: content of each file as last flushed (fINODE),
                     entries of each folder as last flushed (dINODE), files whose name has gone (kINODE)
*/
#define _GNU_SOURCE
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

static const char *root, *shadow;
static size_t root_length;
static uint64_t at, *count;
static int error, kills, once, reads;

__attribute__((constructor)) static void begin(void) {
  const char *text = getenv("HXD_FAULT_ROOT"), *counter = getenv("HXD_FAULT_COUNT"), *what = getenv("HXD_FAULT_DO");
  if (!text || !counter) return;
  int fd = syscall(SYS_openat, AT_FDCWD, counter, O_RDWR);
  count = fd < 0 ? MAP_FAILED : mmap(NULL, sizeof *count, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  if (fd >= 0) syscall(SYS_close, fd);
  if (count == MAP_FAILED) return;
  at = getenv("HXD_FAULT_AT") ? strtoull(getenv("HXD_FAULT_AT"), NULL, 10) : 0;
  kills = what && !strcmp(what, "kill");
  error = what && !kills ? atoi(what) : 0;
  once = getenv("HXD_FAULT_ONCE") != NULL;
  reads = getenv("HXD_FAULT_READS") != NULL;
  shadow = getenv("HXD_FAULT_SHADOW");
  root_length = strlen(text);
  root = text;
}

static int below(const char *path) {
  return root && path && !strncmp(path, root, root_length) && (path[root_length] == '/' || !path[root_length]);
}

static int at_below(int folder, const char *path) {
  if (!root || !path) return 0;
  if (path[0] == '/') return below(path);
  char link[64], found[PATH_MAX];
  if (folder == AT_FDCWD) return 0;
  snprintf(link, sizeof link, "/proc/self/fd/%d", folder);
  ssize_t length = syscall(SYS_readlinkat, AT_FDCWD, link, found, sizeof found - 1);
  if (length < 0) return 0;
  found[length] = 0;
  return below(found);
}

static int fd_below(int fd) { return at_below(fd, "."); }

/* Count a call; say with which errno it fails, 0 for none. */
static int event(int can_fail) {
  uint64_t number = __atomic_add_fetch(count, 1, __ATOMIC_SEQ_CST);
  if (!at || number < at || (once && number > at)) return 0;
  if (kills) {
    syscall(SYS_kill, getpid(), SIGKILL);
    for (;;) pause();
  }
  return can_fail ? error : 0;
}

static void copy(int fd, const char *kind, ino_t inode) {
  char name[PATH_MAX], aside[PATH_MAX], block[65536];
  snprintf(name, sizeof name, "%s/%s%lu", shadow, kind, (unsigned long)inode);
  snprintf(aside, sizeof aside, "%s.%ld", name, (long)syscall(SYS_gettid));
  /* Its own descriptor: the one given may be open for writing only. */
  char link[64];
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  int in = syscall(SYS_openat, AT_FDCWD, link, O_RDONLY);
  int out = syscall(SYS_openat, AT_FDCWD, aside, O_WRONLY | O_CREAT | O_TRUNC, 0600);
  ssize_t got;
  off_t place = 0;
  while ((got = syscall(SYS_pread64, in, block, sizeof block, place)) > 0) {
    syscall(SYS_pwrite64, out, block, got, place);
    place += got;
  }
  syscall(SYS_close, in);
  syscall(SYS_close, out);
  syscall(SYS_renameat, AT_FDCWD, aside, AT_FDCWD, name);
}

static void list(int fd, ino_t inode) {
  char name[PATH_MAX], aside[PATH_MAX], link[64];
  snprintf(name, sizeof name, "%s/d%lu", shadow, (unsigned long)inode);
  snprintf(aside, sizeof aside, "%s.%ld", name, (long)syscall(SYS_gettid));
  snprintf(link, sizeof link, "/proc/self/fd/%d/.", fd);
  DIR *folder = opendir(link);
  int out = syscall(SYS_openat, AT_FDCWD, aside, O_WRONLY | O_CREAT | O_TRUNC, 0600);
  struct dirent *entry;
  while (folder && (entry = readdir(folder))) {
    char line[PATH_MAX];
    if (!strcmp(entry->d_name, ".") || !strcmp(entry->d_name, "..")) continue;
    int length = snprintf(line, sizeof line, "%lu %s\n", (unsigned long)entry->d_ino, entry->d_name);
    syscall(SYS_write, out, line, length);
  }
  if (folder) closedir(folder);
  syscall(SYS_close, out);
  syscall(SYS_renameat, AT_FDCWD, aside, AT_FDCWD, name);
}

static void flushed(int fd) {
  struct stat found;
  if (!shadow || fstat(fd, &found)) return;
  if (S_ISDIR(found.st_mode)) list(fd, found.st_ino);
  else if (S_ISREG(found.st_mode)) copy(fd, "f", found.st_ino);
}

/* A file that loses its name stays: its number must not be given to another while the old name may come back. */
static void keep(int folder, const char *path) {
  struct stat found;
  char name[PATH_MAX];
  if (!shadow || fstatat(folder, path, &found, AT_SYMLINK_NOFOLLOW) || !S_ISREG(found.st_mode)) return;
  snprintf(name, sizeof name, "%s/k%lu", shadow, (unsigned long)found.st_ino);
  syscall(SYS_linkat, folder, path, AT_FDCWD, name, 0);
}

#define REAL(type, name, ...) static type (*real)(__VA_ARGS__); if (!real) *(void **)&real = dlsym(RTLD_NEXT, #name)
#define FAILS(here, can_fail) \
  if (here) { int failure = event(can_fail); if (failure) { errno = failure; return -1; } }

#define OPEN(name) \
  int name(const char *path, int flags, ...) { \
    REAL(int, name, const char *, int, ...); \
    va_list rest; va_start(rest, flags); mode_t mode = va_arg(rest, mode_t); va_end(rest); \
    FAILS((flags & O_CREAT) && below(path) && faccessat(AT_FDCWD, path, F_OK, 0), 1); \
    return real(path, flags, mode); \
  }
OPEN(open)
OPEN(open64)
#define OPENAT(name) \
  int name(int folder, const char *path, int flags, ...) { \
    REAL(int, name, int, const char *, int, ...); \
    va_list rest; va_start(rest, flags); mode_t mode = va_arg(rest, mode_t); va_end(rest); \
    FAILS((flags & O_CREAT) && at_below(folder, path) && faccessat(folder, path, F_OK, 0), 1); \
    return real(folder, path, flags, mode); \
  }
OPENAT(openat)
OPENAT(openat64)

#define WRITE(type, name, declared, given) \
  type name declared { \
    REAL(type, name, PARAMETERS declared); \
    FAILS(fd_below(fd), 1); \
    return real given; \
  }
#define PARAMETERS(...) __VA_ARGS__
WRITE(ssize_t, write, (int fd, const void *data, size_t size), (fd, data, size))
WRITE(ssize_t, pwrite, (int fd, const void *data, size_t size, off_t place), (fd, data, size, place))
WRITE(ssize_t, pwrite64, (int fd, const void *data, size_t size, off64_t place), (fd, data, size, place))
WRITE(ssize_t, writev, (int fd, const struct iovec *data, int size), (fd, data, size))
WRITE(int, ftruncate, (int fd, off_t size), (fd, size))
WRITE(int, ftruncate64, (int fd, off64_t size), (fd, size))
WRITE(int, fallocate64, (int fd, int mode, off64_t place, off64_t size), (fd, mode, place, size))

#define READ(type, name, declared, given) \
  type name declared { \
    REAL(type, name, PARAMETERS declared); \
    FAILS(reads && fd_below(fd), 1); \
    return real given; \
  }
READ(ssize_t, read, (int fd, void *data, size_t size), (fd, data, size))
READ(ssize_t, pread, (int fd, void *data, size_t size, off_t place), (fd, data, size, place))
READ(ssize_t, pread64, (int fd, void *data, size_t size, off64_t place), (fd, data, size, place))

#define FLUSH(name) \
  int name(int fd) { \
    REAL(int, name, int); \
    int here = fd_below(fd); \
    FAILS(here, 1); \
    int result = real(fd); \
    if (here && !result) flushed(fd); \
    return result; \
  }
FLUSH(fsync)
FLUSH(fdatasync)

int rename(const char *from, const char *to) {
  REAL(int, rename, const char *, const char *);
  FAILS(below(to), 1);
  if (below(to)) keep(AT_FDCWD, to);
  return real(from, to);
}
int renameat(int from_folder, const char *from, int to_folder, const char *to) {
  REAL(int, renameat, int, const char *, int, const char *);
  FAILS(at_below(to_folder, to), 1);
  if (at_below(to_folder, to)) keep(to_folder, to);
  return real(from_folder, from, to_folder, to);
}
int unlink(const char *path) {
  REAL(int, unlink, const char *);
  FAILS(below(path), 0);
  if (below(path)) keep(AT_FDCWD, path);
  return real(path);
}
int unlinkat(int folder, const char *path, int flags) {
  REAL(int, unlinkat, int, const char *, int);
  FAILS(at_below(folder, path), 0);
  if (at_below(folder, path) && !(flags & AT_REMOVEDIR)) keep(folder, path);
  return real(folder, path, flags);
}
static void fresh(int folder, const char *path) {
  struct stat found;
  char name[PATH_MAX];
  if (!shadow || fstatat(folder, path, &found, 0)) return;
  snprintf(name, sizeof name, "%s/d%lu", shadow, (unsigned long)found.st_ino); /* of another folder, long gone */
  syscall(SYS_unlinkat, AT_FDCWD, name, 0);
}
int mkdir(const char *path, mode_t mode) {
  REAL(int, mkdir, const char *, mode_t);
  int here = below(path) && faccessat(AT_FDCWD, path, F_OK, 0);
  FAILS(here, 1);
  int result = real(path, mode);
  if (here && !result) fresh(AT_FDCWD, path);
  return result;
}
int link(const char *from, const char *to) {
  REAL(int, link, const char *, const char *);
  FAILS(below(to), 1);
  return real(from, to);
}
int linkat(int from_folder, const char *from, int to_folder, const char *to, int flags) {
  REAL(int, linkat, int, const char *, int, const char *, int);
  FAILS(at_below(to_folder, to), 1);
  return real(from_folder, from, to_folder, to, flags);
}

#define FOPEN(name) \
  FILE *name(const char *path, const char *mode) { \
    REAL(FILE *, name, const char *, const char *); \
    if (below(path) && mode[0] != 'r') { \
      int failure = event(1); \
      if (failure) { errno = failure; return NULL; } \
    } \
    return real(path, mode); \
  }
FOPEN(fopen)
FOPEN(fopen64)
size_t fwrite(const void *data, size_t size, size_t items, FILE *file) {
  REAL(size_t, fwrite, const void *, size_t, size_t, FILE *);
  if (fd_below(fileno(file))) {
    int failure = event(1);
    if (failure) { errno = failure; return 0; }
  }
  return real(data, size, items, file);
}
