// Package crash holds the test that kills easel at random moments while it works
// off tasks, and accounts for every one of them afterwards.
//
// It belongs here if it needs a process that dies. What a fault does to one task
// is held by backend/task, what a cut file means by history.
package crash
