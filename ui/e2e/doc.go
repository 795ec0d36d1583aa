// Package e2e runs the built program in a pseudo-terminal, as a person would,
// and looks at what a terminal emulator makes of its bytes and at what is left on
// disk. It also measures speed and size, in benchmarks and never in tests.
//
// A test belongs here if it needs the whole program, a terminal, or several runs.
// What one package can show by itself is tested there; commands and exit statuses
// without a screen are in testdata/scripts. Everything here is in test files.
package e2e
