/* What a power cut would take: an undo log of every write that no fsync has followed yet.
 *
 * Preloaded into a process, it watches the files under $POWER_CUT_ROOT and notes in $POWER_CUT_LOG, one log a
 * file, what each write replaces; a completed fsync empties the log of its file, and that of a folder makes the
 * names in it last. tests/fault/power.py takes a killed process's files back to what the disk was sure to have.
 * Removing a file counts as lasting at once. $POWER_CUT_FULL names a file: while it exists the disk is full.
 * power_die_at(n) ends the process with SIGKILL just before its n-th such operation from now on.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#define MOST_FDS 4096
#define REAL(name) ((__typeof__(name) *)real(#name))

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static char *path_of[MOST_FDS];
static long left = -1, done = 0;

static void *real(const char *name) { return dlsym(RTLD_NEXT, name); }

long power_operations(void) { return done; }

void power_die_at(long n) { left = n; done = 0; }

static void step(void) {
  done++;
  if (left > 0 && --left == 0) kill(getpid(), SIGKILL);
}

static int watched(const char *path) {
  const char *root = getenv("POWER_CUT_ROOT");
  size_t length = root ? strlen(root) : 0, end = strlen(path);
  if (!length || strncmp(path, root, length) || (path[length] != '/' && path[length])) return 0;
  return end < 4 || strcmp(path + end - 4, "-shm"); /* an index that SQLite makes anew */
}

/* The one name under which a file is logged, however it was called; 0 for a file that is not watched. */
static int whole(const char *path, char *name) {
  char folder[PATH_MAX];
  snprintf(folder, sizeof folder, "%s", path);
  char *last = strrchr(folder, '/');
  const char *file = last ? path + (last - folder) + 1 : path;
  if (!*file || !strcmp(file, ".") || !strcmp(file, "..")) return realpath(path, name) && watched(name);
  if (last) last[last == folder] = 0;
  if (!realpath(last ? folder : ".", name) || strlen(name) + strlen(file) + 2 > PATH_MAX) return 0;
  if (strcmp(name, "/")) strcat(name, "/");
  strcat(name, file);
  return watched(name);
}

static int full(void) {
  const char *flag = getenv("POWER_CUT_FULL");
  return flag && !access(flag, F_OK);
}

/* The log of a file ("f") or folder ("d"): its path with % for /, so that no name is lost. */
static void log_name(char *name, char kind, const char *path) {
  int at = snprintf(name, PATH_MAX, "%s/%c", getenv("POWER_CUT_LOG"), kind);
  for (; *path && at < PATH_MAX - 1; path++) name[at++] = *path == '/' ? '%' : *path;
  name[at] = 0;
}

static int open_log(char kind, const char *path, int flags) {
  char name[PATH_MAX];
  log_name(name, kind, path);
  return REAL(open)(name, O_WRONLY | O_CREAT | flags, 0666);
}

static void append(int fd, const void *bytes, size_t count) {
  if (fd < 0 || REAL(write)(fd, bytes, count) != (ssize_t)count) abort(); /* a suite that forgets proves nothing */
}

static void note_name(char what, const char *path, const char *from) {
  char folder[PATH_MAX], line[2 * PATH_MAX];
  snprintf(folder, sizeof folder, "%s", path);
  *strrchr(folder, '/') = 0;
  int length = snprintf(line, sizeof line, "%c\t%s\t%s\n", what, path, from);
  int fd = open_log('d', folder, O_APPEND);
  append(fd, line, length);
  REAL(close)(fd);
}

/* By the descriptor itself wherever it can read: to close another one of the same file would take away the locks
 * that SQLite holds on it. */
static ssize_t read_at(int fd, void *bytes, size_t count, int64_t at) {
  ssize_t found = pread(fd, bytes, count, at);
  if (found >= 0 || errno != EBADF) return found;
  char own[64];
  snprintf(own, sizeof own, "/proc/self/fd/%d", fd);
  int reader = REAL(open)(own, O_RDONLY);
  found = pread(reader, bytes, count, at);
  REAL(close)(reader);
  return found;
}

/* One record: where the change begins, how long it is, the size before, how much of the old bytes follows. */
static void note_change(int fd, const char *path, int64_t at, int64_t length) {
  struct stat before;
  if (fstat(fd, &before)) abort();
  int64_t kept = at >= before.st_size ? 0 : before.st_size - at < length ? before.st_size - at : length;
  int64_t head[4] = {at, length, before.st_size, kept};
  char *record = malloc(sizeof head + kept);
  memcpy(record, head, sizeof head);
  if (kept && read_at(fd, record + sizeof head, kept, at) != kept) abort();
  int log = open_log('f', path, O_APPEND);
  append(log, record, sizeof head + kept);
  REAL(close)(log);
  free(record);
}

static const char *tracked(int fd) { return fd >= 0 && fd < MOST_FDS ? path_of[fd] : NULL; }

static int opened(int dir, const char *path, int flags, mode_t mode) {
  char name[PATH_MAX];
  if ((path[0] != '/' && dir != AT_FDCWD) || !whole(path, name)) return REAL(openat)(dir, path, flags, mode);
  pthread_mutex_lock(&lock);
  int is_new = (flags & O_CREAT) && access(name, F_OK);
  int fd = -1;
  if (is_new) step();
  if (is_new && full()) errno = ENOSPC;
  else {
    if (!is_new && (flags & O_TRUNC)) {
      int before = REAL(open)(name, O_RDONLY);
      struct stat size;
      if (before >= 0 && !fstat(before, &size)) note_change(before, name, 0, size.st_size);
      if (before >= 0) REAL(close)(before);
    }
    fd = REAL(openat)(dir, path, flags, mode);
  }
  if (fd >= 0 && is_new) note_name('C', name, "");
  if (fd >= 0 && fd < MOST_FDS) {
    free(path_of[fd]);
    path_of[fd] = strdup(name);
  }
  pthread_mutex_unlock(&lock);
  return fd;
}

#define MODE_OF(flags) \
  mode_t mode = 0; \
  if ((flags) & (O_CREAT | __O_TMPFILE)) { \
    va_list more; \
    va_start(more, flags); \
    mode = va_arg(more, mode_t); \
    va_end(more); \
  }

int open(const char *path, int flags, ...) { MODE_OF(flags) return opened(AT_FDCWD, path, flags, mode); }
int open64(const char *path, int flags, ...) { MODE_OF(flags) return opened(AT_FDCWD, path, flags | O_LARGEFILE, mode); }
int openat(int dir, const char *path, int flags, ...) { MODE_OF(flags) return opened(dir, path, flags, mode); }
int openat64(int dir, const char *path, int flags, ...) { MODE_OF(flags) return opened(dir, path, flags | O_LARGEFILE, mode); }

int close(int fd) {
  if (tracked(fd)) {
    pthread_mutex_lock(&lock);
    free(path_of[fd]);
    path_of[fd] = NULL;
    pthread_mutex_unlock(&lock);
  }
  return REAL(close)(fd);
}

/* Before a change of a watched file: 0 to go on, -1 where the disk is full. */
static int before_change(int fd, int64_t at, int64_t length) {
  step();
  if (full()) {
    errno = ENOSPC;
    return -1;
  }
  note_change(fd, path_of[fd], at, length);
  return 0;
}

#define CHANGING(fd, at, length, call) \
  if (!tracked(fd)) return call; \
  pthread_mutex_lock(&lock); \
  __typeof__(call) answer = before_change(fd, at, length) ? -1 : call; \
  pthread_mutex_unlock(&lock); \
  return answer;

ssize_t pwrite(int fd, const void *bytes, size_t count, off_t at) { CHANGING(fd, at, count, REAL(pwrite)(fd, bytes, count, at)) }
ssize_t pwrite64(int fd, const void *bytes, size_t count, off64_t at) { CHANGING(fd, at, count, REAL(pwrite64)(fd, bytes, count, at)) }
ssize_t write(int fd, const void *bytes, size_t count) { CHANGING(fd, lseek(fd, 0, SEEK_CUR), count, REAL(write)(fd, bytes, count)) }
int ftruncate(int fd, off_t size) { CHANGING(fd, size, INT64_MAX, REAL(ftruncate)(fd, size)) }
int ftruncate64(int fd, off64_t size) { CHANGING(fd, size, INT64_MAX, REAL(ftruncate64)(fd, size)) }

static int synced(int fd, const char *call) {
  int (*sync_it)(int) = real(call);
  if (!tracked(fd)) return sync_it(fd);
  pthread_mutex_lock(&lock);
  step();
  int answer = sync_it(fd);
  struct stat what;
  if (!answer && !fstat(fd, &what)) {
    int log = open_log(S_ISDIR(what.st_mode) ? 'd' : 'f', path_of[fd], O_TRUNC);
    if (log < 0) abort();
    REAL(close)(log);
  }
  pthread_mutex_unlock(&lock);
  return answer;
}

int fsync(int fd) { return synced(fd, "fsync"); }
int fdatasync(int fd) { return synced(fd, "fdatasync"); }

int rename(const char *from, const char *to) {
  char old_name[PATH_MAX], new_name[PATH_MAX], old_log[PATH_MAX], new_log[PATH_MAX];
  if (!whole(from, old_name) || !whole(to, new_name)) return REAL(rename)(from, to);
  pthread_mutex_lock(&lock);
  step();
  int answer = REAL(rename)(from, to);
  if (!answer) {
    log_name(old_log, 'f', old_name);
    log_name(new_log, 'f', new_name);
    REAL(rename)(old_log, new_log);
    note_name('R', new_name, old_name);
  }
  pthread_mutex_unlock(&lock);
  return answer;
}

int unlink(const char *path) {
  char name[PATH_MAX], log[PATH_MAX];
  if (!whole(path, name)) return REAL(unlink)(path);
  pthread_mutex_lock(&lock);
  step();
  int answer = REAL(unlink)(path);
  log_name(log, 'f', name);
  REAL(unlink)(log);
  pthread_mutex_unlock(&lock);
  return answer;
}

int mkdir(const char *path, mode_t mode) {
  char name[PATH_MAX];
  if (!whole(path, name)) return REAL(mkdir)(path, mode);
  pthread_mutex_lock(&lock);
  step();
  int answer = full() ? (errno = ENOSPC, -1) : REAL(mkdir)(path, mode);
  if (!answer) note_name('D', name, "");
  pthread_mutex_unlock(&lock);
  return answer;
}

/* libfaketime answers Python's sleeps with EINVAL; sleeping is by monotonic time, which does not jump. */
int clock_nanosleep(clockid_t clock, int flags, const struct timespec *until, struct timespec *left_over) {
  return syscall(SYS_clock_nanosleep, clock, flags, until, left_over) ? errno : 0;
}
