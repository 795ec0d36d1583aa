package parts

// Top is how many rows of the screen are the header's, and Bottom the footer's:
// a page has those between them.
const Top, Bottom = 2, 2

// Put writes s at a row of the screen into the lines of a page; what was in the
// row goes.
func Put(lines []string, y int, s string) {
	if y -= Top; y >= 0 && y < len(lines) {
		lines[y] = s
	}
}
