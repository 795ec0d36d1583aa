package cli

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/charmbracelet/colorprofile"
)

// terminal says what the studio will meet.
func (d *doctor) terminal() {
	p := d.p
	d.section("cli.doctor_terminal")
	name := cmp.Or(p.Env("TERM"), "-")
	switch {
	case !isTerm(p.Out) || !isTerm(p.In):
		d.find(mind, p.Words.Say("cli.no_terminal"))
	case name == "dumb" || name == "-":
		d.find(mind, p.Words.Say("cli.doctor_dumb", name))
	default:
		line := "TERM " + name
		if program := p.Env("TERM_PROGRAM"); program != "" {
			line += " · " + program
		}
		d.find(well, line+" · "+p.fits())
	}
	profile := colorprofile.Detect(p.Out, p.Environ)
	d.find(well, p.Words.Say("cli.doctor_colours", profile.String()))
	d.shown(profile)
	if p.Env("TMUX") != "" {
		d.find(well, p.Words.Say("cli.doctor_tmux"))
	}
	d.find(well, p.Words.Say("cli.doctor_language", p.Words.Language()))
	locale := cmp.Or(p.Env("LC_ALL"), p.Env("LC_CTYPE"), p.Env("LANG"), "-")
	said := p.Words.Say("cli.doctor_locale", locale)
	if upper := strings.ToUpper(locale); strings.Contains(upper, "UTF-8") || strings.Contains(upper, "UTF8") {
		d.find(well, said)
	} else {
		d.find(mind, said, p.Words.Say("cli.todo_utf8"))
	}
}

// size is the terminal's, and whether the studio fits.
func (p *Program) fits() string {
	w, h := p.size()
	said := fmt.Sprintf("%dx%d", w, h)
	if w < 40 || h < 10 {
		said += " (" + p.Words.Say("cli.doctor_small") + ")"
	}
	return said
}
