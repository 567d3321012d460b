// Preloaded into the program under test: breaks one of its calls to the file system. It has no functions to call.
//
// The environment says which:
//   FAULTS_FOLDER   absolute path; only calls on files below it are counted
//   FAULTS_CALLS    "write" counts what changes files, "read" what reads them
//   FAULTS_AT       the number of the call that breaks, from 1
//   FAULTS_ACTION   "kill" ends the process in place of the call; "ENOSPC" and "EIO" let the call fail with that error
//   FAULTS_LOG      a file that gets one line, the call and its path, when a call is broken
