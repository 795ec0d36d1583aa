package theme

import (
	"fmt"
	"image/color"
	"math"
	"reflect"
	"strings"
	"testing"

	"charm.land/lipgloss/v2"
	"github.com/charmbracelet/colorprofile"
	"github.com/charmbracelet/x/ansi"
)

// contrast is the contrast ratio of WCAG 2.1, from 1 to 21.
func contrast(a, b color.Color) float64 {
	x, y := luminance(a), luminance(b)
	return (max(x, y) + 0.05) / (min(x, y) + 0.05)
}

func luminance(c color.Color) float64 {
	r, g, b, _ := c.RGBA()
	linear := func(v uint32) float64 {
		s := float64(v) / 0xffff
		if s <= 0.03928 {
			return s / 12.92
		}
		return math.Pow((s+0.055)/1.055, 2.4)
	}
	return 0.2126*linear(r) + 0.7152*linear(g) + 0.0722*linear(b)
}

func TestContrastIsReckonedRight(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want float64
	}{{"#000000", "#FFFFFF", 21}, {"#777777", "#FFFFFF", 4.48}, {"#FF0000", "#FFFFFF", 4.0}} {
		if got := contrast(lipgloss.Color(c.a), lipgloss.Color(c.b)); math.Abs(got-c.want) > 0.01 {
			t.Errorf("%s on %s: %.3f, want %.2f", c.a, c.b, got, c.want)
		}
	}
}

// styles lists the styles of a theme by name.
func styles(th Theme) map[string]lipgloss.Style {
	out := map[string]lipgloss.Style{}
	v := reflect.ValueOf(th)
	for i := range v.NumField() {
		if s, ok := v.Field(i).Interface().(lipgloss.Style); ok {
			out[v.Type().Field(i).Name] = s
		}
	}
	return out
}

// Every text must be readable on the palette's background and on what people
// have instead; in a terminal of 256 colours, on the first two. (There is no
// amber among the 256 that reaches 4.5 on cream: the nearest has 4.44.)
func TestContrast(t *testing.T) {
	for _, c := range []struct {
		dark        bool
		backgrounds []string
	}{
		{true, []string{Dark.Background, "#000000", "#282828"}},
		{false, []string{Light.Background, "#FFFFFF", "#EEE8D5"}},
	} {
		for name, s := range styles(New(c.dark, true)) {
			fg := s.GetForeground()
			if _, none := fg.(lipgloss.NoColor); none {
				continue // the terminal's own
			}
			least := 4.5
			if name == "Faint" {
				least = 1.4 // rules: seen, and no text
			}
			for i, bg := range c.backgrounds {
				for _, p := range []colorprofile.Profile{colorprofile.TrueColor, colorprofile.ANSI256} {
					least := least
					if p == colorprofile.ANSI256 {
						if least -= 0.1; i > 1 {
							continue
						}
					}
					if got := contrast(p.Convert(fg), lipgloss.Color(bg)); got < least {
						t.Errorf("dark %v: %s on %s in %v: %.2f, want %.1f", c.dark, name, bg, p, got, least)
					}
				}
			}
		}
	}
}

// What means something else must not look the same, also with 256 colours.
func TestStatesLookDifferent(t *testing.T) {
	for _, dark := range []bool{true, false} {
		for _, p := range []colorprofile.Profile{colorprofile.TrueColor, colorprofile.ANSI256} {
			th := New(dark, true)
			seen := map[string]string{}
			for name, s := range map[string]lipgloss.Style{
				"Quiet": th.Quiet, "Faint": th.Faint, "Accent": th.Accent, "Running": th.Running,
				"Done": th.Done, "Failed": th.Failed, "Unsure": th.Unsure,
			} {
				c := fmt.Sprint(p.Convert(s.GetForeground()))
				if other := seen[c]; other != "" {
					t.Errorf("dark %v, %v: %s is %s", dark, p, name, other)
				}
				seen[c] = name
			}
		}
	}
}

func TestWithoutColor(t *testing.T) {
	for _, dark := range []bool{true, false} {
		th := New(dark, false)
		for name, s := range styles(th) {
			if out := s.Render("x"); strings.Contains(out, "38;") || strings.Contains(out, "48;") {
				t.Errorf("%s has a colour: %q", name, out)
			}
			if _, none := s.GetForeground().(lipgloss.NoColor); !none {
				t.Errorf("%s has a foreground", name)
			}
		}
		if a, b := th.Accent.Render("x"), th.Text.Render("x"); a == b {
			t.Error("the accent cannot be told from text")
		}
		if half := ansi.Strip(th.Progress(0.5, 10, th.Accent)); half != "━━━━━─────" {
			t.Errorf("the bar must be two kinds of line: %q", half)
		}
	}
}

func TestNothingPaintsABackground(t *testing.T) {
	for _, th := range []Theme{New(true, true), New(false, true), New(true, false)} {
		for name, s := range styles(th) {
			if _, none := s.GetBackground().(lipgloss.NoColor); !none {
				t.Errorf("%s has a background", name)
			}
		}
	}
}

func TestIconsAreOneCellWide(t *testing.T) {
	v := reflect.ValueOf(New(true, true).Icons)
	for i := range v.NumField() {
		var list []string
		switch f := v.Field(i).Interface().(type) {
		case string:
			list = []string{f}
		case []string:
			list = f
		}
		if len(list) == 0 {
			t.Errorf("no %s", v.Type().Field(i).Name)
		}
		for _, s := range list {
			if ansi.StringWidth(s) != 1 || ansi.StringWidthWc(s) != 1 {
				t.Errorf("%s %q is %d cells wide", v.Type().Field(i).Name, s, ansi.StringWidth(s))
			}
		}
	}
}

func TestProgress(t *testing.T) {
	th := New(true, true)
	for part, want := range map[float64]string{
		-1: "━━━━━━━━━━", 0: "━━━━━━━━━━", 0.05: "╸━━━━━━━━━", 0.5: "━━━━━━━━━━", 0.55: "━━━━━╸━━━━", 1: "━━━━━━━━━━", 7: "━━━━━━━━━━",
	} {
		if got := ansi.Strip(th.Progress(part, 10, th.Accent)); got != want {
			t.Errorf("%v: %q, want %q", part, got, want)
		}
	}
	full := lipgloss.NewStyle().Foreground(lipgloss.Color("#010203"))
	if got := th.Progress(0.3, 10, full); !strings.HasPrefix(got, full.Render("━━━")) {
		t.Errorf("three of ten: %q", got)
	}
	if got := th.Progress(0.5, 0, full) + th.Progress(0.5, -3, full); got != "" {
		t.Errorf("no room: %q", got)
	}
	for w := range 12 {
		if got := ansi.StringWidth(th.Progress(0.73, w, full)); got != w {
			t.Errorf("%d cells: %d", w, got)
		}
	}
}
