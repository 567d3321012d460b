#include "CKernels.h"

static _Thread_local int tape_mode = 0;
static _Thread_local int precision = 0;
static _Thread_local int release_depth = 0;
static _Thread_local void *release_queue = 0;
static _Thread_local void *tape_observer = 0;

int ck_tape_mode(void) { return tape_mode; }
void ck_set_tape_mode(int mode) { tape_mode = mode; }
int ck_precision(void) { return precision; }
void ck_set_precision(int value) { precision = value; }
void *ck_tape_observer(void) { return tape_observer; }
void ck_set_tape_observer(void *observer) { tape_observer = observer; }
int ck_enter_release(void) { return release_depth++; }
void ck_leave_release(void) { release_depth--; }
void *ck_release_queue(void) { return release_queue; }
void ck_set_release_queue(void *queue) { release_queue = queue; }
