// Package theme holds every colour, style and icon of the screen.
package theme

// Theme is the look of the screen.
type Theme struct{}
