//go:build unix && race

package e2e

// raceDetector says that the tests, and so the program, are built with it.
const raceDetector = true
