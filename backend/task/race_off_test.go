//go:build !race

package task

// raceDetector: the race detector makes everything slow.
const raceDetector = false
