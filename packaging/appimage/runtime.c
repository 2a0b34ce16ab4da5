/*
 * The first part of an AppImage of type 2: a program that finds a squashfs image behind itself, mounts it through FUSE,
 * and runs AppRun in it; where FUSE is not to be had, it unpacks the image first. Linked statically with Debian's
 * squashfuse and libfuse 3 (packaging/hxd_setup/appimage.py says how), so that it runs on any Linux of its processor.
 *
 * As AppImages do, it takes --appimage-extract, --appimage-extract-and-run (or APPIMAGE_EXTRACT_AND_RUN=1),
 * --appimage-mount, --appimage-offset, --appimage-version and --appimage-help as its first argument, and gives AppRun
 * APPIMAGE, APPDIR, OWD and ARGV0.
 */
#define _GNU_SOURCE
#include <config.h>

#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <ll.h>
#include <squashfuse.h>
#include <traverse.h>

#define BLOCK (1 << 20)

static char self[PATH_MAX];
static size_t offset;

static void die(const char *what, const char *which) {
	fprintf(stderr, "%s: %s: %s\n", self, what, which);
	exit(127);
}

/* The image begins where the ELF file ends: behind its table of sections. */
static size_t end_of_elf(void) {
	Elf64_Ehdr head;
	int file = open(self, O_RDONLY | O_CLOEXEC);
	if (file < 0 || read(file, &head, sizeof head) != sizeof head)
		die("cannot be read", strerror(errno));
	close(file);
	return head.e_shoff + (size_t)head.e_shentsize * head.e_shnum;
}

/* A folder of this process, which nobody else can write. */
static char *own_folder(const char *name) {
	const char *base = getenv("TMPDIR");
	char *folder;
	if (asprintf(&folder, "%s/%sXXXXXX", base && *base == '/' ? base : "/tmp", name) < 0 || !mkdtemp(folder))
		die("no folder can be made", strerror(errno));
	return folder;
}

static int write_file(sqfs *fs, sqfs_inode *inode, const char *path) {
	char *block = malloc(BLOCK);
	int file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, inode->base.mode & 0777);
	int failed = file < 0 || !block;
	for (sqfs_off_t at = 0; !failed && at < (sqfs_off_t)inode->xtra.reg.file_size;) {
		sqfs_off_t size = BLOCK;
		failed = sqfs_read_range(fs, inode, at, &size, block) != SQFS_OK || size <= 0 || write(file, block, size) != size;
		at += size;
	}
	if (file >= 0)
		failed |= close(file);
	free(block);
	return failed;
}

static int write_link(sqfs *fs, sqfs_inode *inode, const char *path) {
	char target[PATH_MAX];
	size_t size = sizeof target;
	return sqfs_readlink(fs, inode, target, &size) != SQFS_OK || symlink(target, path);
}

/* Unpack everything below `folder`, which is there. */
static void unpack(const char *folder) {
	sqfs fs;
	sqfs_traverse walk;
	sqfs_err problem = sqfs_open_image(&fs, self, offset);
	if (!problem)
		problem = sqfs_traverse_open(&walk, &fs, sqfs_inode_root(&fs));
	while (!problem && sqfs_traverse_next(&walk, &problem)) {
		sqfs_inode inode;
		char *path;
		int failed = 0;
		if (walk.dir_end)
			continue;
		if (asprintf(&path, "%s/%s", folder, walk.path) < 0 || sqfs_inode_get(&fs, &inode, sqfs_dentry_inode(&walk.entry)))
			die("the image cannot be read", walk.path);
		if (S_ISDIR(inode.base.mode))
			failed = mkdir(path, 0755);
		else if (S_ISREG(inode.base.mode))
			failed = write_file(&fs, &inode, path);
		else if (S_ISLNK(inode.base.mode))
			failed = write_link(&fs, &inode, path);
		if (failed)
			die("cannot be unpacked", path);
		free(path);
	}
	if (problem)
		die("the image cannot be read", "it is damaged");
	sqfs_traverse_close(&walk);
	sqfs_destroy(&fs);
}

static int delete_one(const char *path, const struct stat *about, int kind, struct FTW *place) {
	(void)about, (void)kind, (void)place;
	return remove(path);
}

/* Serve the mounted image until the last process that holds the other end of `alive` is gone. */
static int serve(const char *folder, int alive, int ready) {
	static struct fuse_lowlevel_ops ops = {
		.getattr = sqfs_ll_op_getattr, .opendir = sqfs_ll_op_opendir, .releasedir = sqfs_ll_op_releasedir,
		.readdir = sqfs_ll_op_readdir, .lookup = sqfs_ll_op_lookup, .open = sqfs_ll_op_open,
		.create = sqfs_ll_op_create, .release = sqfs_ll_op_release, .read = sqfs_ll_op_read,
		.readlink = sqfs_ll_op_readlink, .listxattr = sqfs_ll_op_listxattr, .getxattr = sqfs_ll_op_getxattr,
		.forget = sqfs_ll_op_forget, .statfs = stfs_ll_op_statfs,
	};
	char *words[] = {self, "-oro,nosuid,nodev,subtype=appimage", NULL};
	struct fuse_args arguments = FUSE_ARGS_INIT(2, words);
	struct fuse_buf request = {0};
	sqfs_ll_chan channel = {0};
	sqfs_ll *image = sqfs_ll_open(self, offset);
	if (!image || sqfs_ll_mount(&channel, folder, &arguments, &ops, sizeof ops, image) != SQFS_OK)
		return 1;
	if (write(ready, "1", 1) != 1)
		return 1;
	close(ready);
	struct pollfd sides[2] = {{fuse_session_fd(channel.session), POLLIN, 0}, {alive, POLLIN, 0}};
	while (!fuse_session_exited(channel.session)) {
		if (poll(sides, 2, -1) < 0 && errno != EINTR)
			break;
		if (sides[1].revents)
			break;
		if (!sides[0].revents)
			continue;
		int size = fuse_session_receive_buf(channel.session, &request);
		if (size == -EINTR)
			continue;
		if (size <= 0)
			break;
		fuse_session_process_buf(channel.session, &request);
	}
	sqfs_ll_unmount(&channel, folder);
	rmdir(folder);
	return 0;
}

/* Mount the image at `folder` for as long as this process, or one that it becomes, lives; 0 where it worked. */
static int mount_image(const char *folder) {
	int alive[2], ready[2];
	char told = 0;
	if (pipe(alive) || pipe2(ready, O_CLOEXEC))
		return 1;
	pid_t child = fork();
	if (child == 0) {
		/* Twice, so that AppRun has no child that it does not know. */
		if (fork() != 0)
			_exit(0);
		close(alive[1]);
		close(ready[0]);
		setsid();
		int nothing = open("/dev/null", O_RDWR | O_CLOEXEC);
		dup2(nothing, 0);
		dup2(nothing, 1);
		dup2(nothing, 2);
		_exit(serve(folder, alive[0], ready[1]));
	}
	close(alive[0]);
	close(ready[1]);
	waitpid(child, NULL, 0);
	int worked = read(ready[0], &told, 1) == 1;
	close(ready[0]);
	if (!worked)
		close(alive[1]); /* else it stays open, also in what is run: it says that the image is in use */
	return !worked;
}

static void run(const char *folder, char **arguments) {
	char *program, *here = getcwd(NULL, 0);
	if (asprintf(&program, "%s/AppRun", folder) < 0)
		die("no memory", "");
	setenv("APPIMAGE", self, 1);
	setenv("APPDIR", folder, 1);
	setenv("ARGV0", arguments[0], 1);
	if (here)
		setenv("OWD", here, 1);
	execv(program, arguments);
	die("cannot be run", program);
}

/* Unpack, run, wait, delete. */
static int unpack_and_run(char **arguments) {
	int status = 127;
	char *folder = own_folder("appimage_extracted_");
	unpack(folder);
	pid_t child = fork();
	if (child == 0)
		run(folder, arguments);
	signal(SIGINT, SIG_IGN); /* it is for the application, which the terminal sends it too */
	while (waitpid(child, &status, 0) < 0 && errno == EINTR)
		;
	nftw(folder, delete_one, 16, FTW_DEPTH | FTW_PHYS);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

int main(int count, char **arguments) {
	const char *option = count > 1 && !strncmp(arguments[1], "--appimage-", 11) ? arguments[1] + 11 : "";
	const char *always = getenv("APPIMAGE_EXTRACT_AND_RUN");
	ssize_t size = readlink("/proc/self/exe", self, sizeof self - 1);
	if (size < 0)
		die("/proc/self/exe", strerror(errno));
	self[size] = 0;
	offset = end_of_elf();
	if (!strcmp(option, "offset"))
		return printf("%zu\n", offset) < 0;
	if (!strcmp(option, "version"))
		return puts("HXD Desktop's runtime for AppImages of type 2") < 0;
	if (!strcmp(option, "help"))
		return puts("--appimage-extract, -extract-and-run, -mount, -offset, -version; all else is for the application") < 0;
	if (!strcmp(option, "extract")) {
		if (mkdir("squashfs-root", 0755))
			die("squashfs-root", strerror(errno));
		unpack("squashfs-root");
		return 0;
	}
	if (!strcmp(option, "extract-and-run")) {
		arguments[1] = arguments[0];
		return unpack_and_run(arguments + 1);
	}
	if (always && !strcmp(always, "1"))
		return unpack_and_run(arguments);
	char *folder = own_folder(".mount_hxd");
	if (mount_image(folder)) {
		rmdir(folder);
		fprintf(stderr, "%s: FUSE is not to be had here (package fuse3), so it is unpacked for this run.\n", self);
		return unpack_and_run(arguments);
	}
	if (!strcmp(option, "mount")) {
		puts(folder);
		fflush(stdout);
		pause();
	}
	run(folder, arguments);
}
