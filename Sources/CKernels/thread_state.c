#include "CKernels.h"

static _Thread_local int recording_suspended = 0;
static _Thread_local void *release_queue = 0;

int ck_recording_suspensions(void) { return recording_suspended; }
void ck_add_recording_suspensions(int delta) { recording_suspended += delta; }
void *ck_release_queue(void) { return release_queue; }
void ck_set_release_queue(void *queue) { release_queue = queue; }
