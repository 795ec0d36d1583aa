package cli

import (
	"context"
	"os/exec"
	"strings"
	"time"

	"github.com/charmbracelet/colorprofile"

	"easel/ui/picture"
)

// shown says how the studio would show pictures. The terminal is not asked
// here: an answer that comes late would be typed into the shell.
func (d *doctor) shown(profile colorprofile.Profile) {
	p := d.p
	if !isTerm(p.Out) || !isTerm(p.In) {
		return
	}
	t := picture.NewTerminal(p.Shown, profile, p.Env)
	key := "cli.doctor_set"
	if p.Shown == "auto" || p.Shown == "" {
		key = "cli.doctor_shown"
		if q, _ := t.Ask(); q != "" && t.Way() == picture.Blocks {
			key = "cli.doctor_asked"
		}
	}
	d.find(well, p.Words.Say(key, string(t.Way())))
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
