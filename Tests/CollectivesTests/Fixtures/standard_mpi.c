// A small MPI library with the standard interface of MPI 5, for tests: no library of a system has it yet.
//
// The ranks are processes that somebody has started with PMI_SIZE and PMI_RANK. They meet in the file that STANDARD_MPI_FILE names, which
// all map and of which each has a part of its own. Every handle must have the value that the standard gives it.
#include <fcntl.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

typedef struct Comm *MPI_Comm;
typedef struct Datatype *MPI_Datatype;
typedef struct Op *MPI_Op;

enum { world = 0x101, float_type = 0x210, byte_type = 0x247, sum_op = 0x21, in_place = 1, most_ranks = 8 };
enum { part_bytes = 1 << 26 };

// At the beginning of the file; the parts of the ranks follow.
struct Meeting {
  atomic_int arrived, round;
  // Where in the part of a rank the block for each rank begins.
  int64_t starts[most_ranks][most_ranks];
};

static struct Meeting *meeting;
static char *parts;
static int size = 1, rank = 0;

static void fail(const char *what) {
  fprintf(stderr, "standard_mpi: %s\n", what);
  _exit(9);
}

static void expect_handle(const void *handle, uintptr_t value, const char *what) {
  if ((uintptr_t)handle != value) fail(what);
}

static char *part(int of) { return parts + (int64_t)of * part_bytes; }

static void meet(void) {
  int round = atomic_load(&meeting->round);
  if (atomic_fetch_add(&meeting->arrived, 1) == size - 1) {
    atomic_store(&meeting->arrived, 0);
    atomic_fetch_add(&meeting->round, 1);
  } else {
    while (atomic_load(&meeting->round) == round) usleep(20);
  }
}

int MPI_Abi_get_version(int *major, int *minor) { return *major = 1, *minor = 0, 0; }

int MPI_Get_library_version(char *text, int *length) {
  *length = snprintf(text, 8192, "Standard MPI of the tests 1.0\n");
  return 0;
}

int MPI_Init(int *count, char ***arguments) {
  (void)count, (void)arguments;
  const char *path = getenv("STANDARD_MPI_FILE");
  if (getenv("PMI_SIZE") != NULL && path != NULL) size = atoi(getenv("PMI_SIZE")), rank = atoi(getenv("PMI_RANK"));
  if (size > most_ranks) fail("too many ranks");
  int64_t bytes = sizeof(struct Meeting) + (int64_t)size * part_bytes;
  int file = path != NULL ? open(path, O_RDWR | O_CREAT, 0600) : -1;
  if (file >= 0 && ftruncate(file, bytes) != 0) fail("the file cannot be made large enough");
  meeting = mmap(NULL, bytes, PROT_READ | PROT_WRITE, file >= 0 ? MAP_SHARED : MAP_SHARED | MAP_ANONYMOUS, file, 0);
  if (meeting == MAP_FAILED) fail("no memory to meet in");
  parts = (char *)(meeting + 1);
  meet();
  return 0;
}

int MPI_Finalize(void) { return meet(), 0; }

int MPI_Abort(MPI_Comm comm, int status) {
  expect_handle(comm, world, "MPI_Abort: not MPI_COMM_WORLD");
  _exit(status);
}

int MPI_Comm_rank(MPI_Comm comm, int *value) {
  expect_handle(comm, world, "MPI_Comm_rank: not MPI_COMM_WORLD");
  return *value = rank, 0;
}

int MPI_Comm_size(MPI_Comm comm, int *value) {
  expect_handle(comm, world, "MPI_Comm_size: not MPI_COMM_WORLD");
  return *value = size, 0;
}

int MPI_Barrier(MPI_Comm comm) {
  expect_handle(comm, world, "MPI_Barrier: not MPI_COMM_WORLD");
  return meet(), 0;
}

int MPI_Bcast(void *bytes, int count, MPI_Datatype type, int root, MPI_Comm comm) {
  expect_handle(comm, world, "MPI_Bcast: not MPI_COMM_WORLD");
  expect_handle(type, byte_type, "MPI_Bcast: not MPI_BYTE");
  if (rank == root) memcpy(part(root), bytes, count);
  meet();
  if (rank != root) memcpy(bytes, part(root), count);
  return meet(), 0;
}

int MPI_Allgatherv(
    const void *own, int count, MPI_Datatype own_type, void *all, const int *counts, const int *places, MPI_Datatype type,
    MPI_Comm comm) {
  expect_handle(comm, world, "MPI_Allgatherv: not MPI_COMM_WORLD");
  expect_handle(type, byte_type, "MPI_Allgatherv: not MPI_BYTE");
  if ((uintptr_t)own == in_place) {
    own = (char *)all + places[rank];
  } else {
    expect_handle(own_type, byte_type, "MPI_Allgatherv: not MPI_BYTE");
    if (count != counts[rank]) fail("MPI_Allgatherv: two counts of this rank");
  }
  if (counts[rank] > 0) memcpy(part(rank), own, counts[rank]);
  meet();
  for (int other = 0; other < size; other++) {
    if (counts[other] > 0) memcpy((char *)all + places[other], part(other), counts[other]);
  }
  return meet(), 0;
}

int MPI_Alltoallv(
    const void *own, const int *given, const int *places, MPI_Datatype own_type, void *all, const int *taken,
    const int *targets, MPI_Datatype type, MPI_Comm comm) {
  expect_handle(comm, world, "MPI_Alltoallv: not MPI_COMM_WORLD");
  expect_handle(own_type, byte_type, "MPI_Alltoallv: not MPI_BYTE");
  expect_handle(type, byte_type, "MPI_Alltoallv: not MPI_BYTE");
  int64_t start = 0;
  for (int other = 0; other < size; other++) {
    meeting->starts[rank][other] = start;
    if (given[other] > 0) memcpy(part(rank) + start, (const char *)own + places[other], given[other]);
    start += given[other];
  }
  meet();
  for (int other = 0; other < size; other++) {
    if (taken[other] > 0) {
      memcpy((char *)all + targets[other], part(other) + meeting->starts[other][rank], taken[other]);
    }
  }
  return meet(), 0;
}

int MPI_Allreduce(
    const void *own, void *all, int count, MPI_Datatype type, MPI_Op op, MPI_Comm comm) {
  expect_handle(comm, world, "MPI_Allreduce: not MPI_COMM_WORLD");
  expect_handle(type, float_type, "MPI_Allreduce: not MPI_FLOAT");
  expect_handle(op, sum_op, "MPI_Allreduce: not MPI_SUM");
  memcpy(part(rank), own, (int64_t)count * 4);
  meet();
  for (int64_t i = 0; i < count; i++) {
    float sum = 0;
    for (int other = 0; other < size; other++) sum += ((float *)part(other))[i];
    ((float *)all)[i] = sum;
  }
  return meet(), 0;
}
