package cli

import (
	"cmp"
	"context"
	"os/exec"
	"strings"
	"time"

	"github.com/charmbracelet/colorprofile"

	"easel/backend"
	"easel/ui/picture"
)

// shown says how the studio would show pictures, and why: the terminal is asked.
func (d *doctor) shown(profile colorprofile.Profile) {
	p := d.p
	if !isTerm(p.Out) || !isTerm(p.In) {
		return
	}
	t := askTerminal(picture.NewTerminal(p.Shown, profile, p.Env), p.In, p.Out)
	way, name := string(t.Way()), backend.Clean(cmp.Or(t.Brand(), p.Env("TERM_PROGRAM"), p.Env("TERM")))
	switch t.Why() {
	case picture.BySetting:
		d.find(well, p.Words.Say("cli.doctor_set", way))
	case picture.ByAnswer:
		d.find(well, p.Words.Say("cli.doctor_shown", way, name))
	case picture.ByName:
		d.find(well, p.Words.Say("cli.doctor_named", way, name))
	case picture.ByColours:
		d.find(mind, p.Words.Say("cli.doctor_few", way, profile.String()))
	case picture.BySilence:
		d.find(mind, p.Words.Say("cli.doctor_silent", way, name))
	default:
		d.find(well, p.Words.Say("cli.doctor_plain", way, name))
	}
	if t.Tmux() && t.Way() != picture.Off {
		d.passthrough()
	}
}

// passthrough says whether tmux lets pictures through, if tmux can be asked.
func (d *doctor) passthrough() {
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
	defer cancel()
	out, err := exec.CommandContext(ctx, "tmux", "show-options", "-Apv", "allow-passthrough").Output()
	if err != nil {
		return
	}
	switch value := strings.TrimSpace(string(out)); value {
	case "on", "all":
		d.find(well, d.p.Words.Say("cli.doctor_passes", value))
	default:
		d.find(mind, d.p.Words.Say("cli.doctor_blocked"), d.p.Words.Say("cli.todo_passthrough"))
	}
}
