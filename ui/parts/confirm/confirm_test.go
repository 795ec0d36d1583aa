package confirm_test

import (
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"

	"easel/ui/ask"
	"easel/ui/parts/confirm"
	"easel/ui/parts/partstest"
)

var question = confirm.Question{
	Tag: "unsure k3f9x2", Title: "Task k3f9x2", Text: strings.Repeat("Nobody knows whether it was accepted. ", 4),
	Choices: []confirm.Choice{
		{Value: "again", Label: "Send again", Note: "may be charged twice"},
		{Value: "look", Label: "Look again", Note: "ask the provider for it"},
		{Value: "", Label: "Leave it"},
		{Value: "lost", Label: "Mark as lost"},
	},
	Safe: 1,
}

func TestConfirm(t *testing.T) {
	for _, c := range []struct{ keys, want string }{
		{"enter", "look"},
		{"up enter", "again"},
		{"up up enter", "lost"},
		{"tab tab tab enter", "again"},
		{"j j enter", "lost"},
		{"down enter", ""}, // an answer that is none
		{"esc", ""},
		{"q", ""},
	} {
		d := partstest.Open(t, partstest.Env(t, "en", 80, 24), confirm.New(question))
		d.Press(strings.Fields(c.keys)...)
		if !d.Done {
			t.Errorf("%s: it is still open", c.keys)
		}
		if c.want == "" && d.Last() != nil || c.want != "" && d.Last() != (ask.Picked{Tag: question.Tag, Value: c.want}) {
			t.Errorf("%s: got %+v, want %q", c.keys, d.Last(), c.want)
		}
	}
}

// A key that was meant for something else must do no harm.
func TestYesNeedsAChoice(t *testing.T) {
	env := partstest.Env(t, "en", 80, 24)
	ask_ := ask.Confirm{Tag: "resend", Title: "Send again", Text: "Both are charged.", Yes: "Send again"}
	for _, keys := range []string{"enter", "y space enter", "esc"} {
		d := partstest.Open(t, env, confirm.YesNo(env, ask_))
		d.Press(strings.Fields(keys)...)
		if d.Last() != nil {
			t.Errorf("%s: got %+v", keys, d.Last())
		}
	}
	d := partstest.Open(t, env, confirm.YesNo(env, ask_))
	d.Press("down", "enter")
	if got := d.Last(); got != (ask.Picked{Tag: "resend", Value: "yes"}) {
		t.Errorf("got %+v", got)
	}
}

// On a small screen the question gives way, and the selected answer is seen.
func TestAnswersStayInSight(t *testing.T) {
	d := partstest.Open(t, partstest.Env(t, "en", 40, 10), confirm.New(question))
	for _, want := range []string{"Look again", "Leave it", "Mark as lost", "Send again"} {
		if !strings.HasPrefix(d.Here(), want) {
			t.Errorf("%q is not in sight:\n%s", want, d.Text())
		}
		d.Press("down")
	}
}

func TestManyAnswersScroll(t *testing.T) {
	q := confirm.Question{Title: "Which?"}
	for _, s := range strings.Fields("one two three four five six seven eight") {
		q.Choices = append(q.Choices, confirm.Choice{Value: s, Label: s, Note: "a note of " + s})
	}
	d := partstest.Open(t, partstest.Env(t, "en", 40, 10), confirm.New(q))
	for _, c := range q.Choices {
		if d.Here() != c.Label || !d.Has(c.Note) {
			t.Errorf("%s is not in sight:\n%s", c.Label, d.Text())
		}
		d.Press("down")
	}
}

func TestClick(t *testing.T) {
	d := partstest.Open(t, partstest.Env(t, "en", 80, 24), confirm.New(question))
	click := func(label string) {
		for y, l := range d.Lines() {
			if strings.Contains(l, label) {
				d.Send(tea.MouseClickMsg{X: 9, Y: y, Button: tea.MouseLeft})
			}
		}
	}
	click("may be charged twice")
	if d.Done || !strings.HasPrefix(d.Here(), "Send again") {
		t.Fatalf("the first click selects:\n%s", d.Text())
	}
	click("Send again")
	if got := d.Last(); got != (ask.Picked{Tag: question.Tag, Value: "again"}) {
		t.Errorf("got %+v", got)
	}
}

func TestNoChoices(t *testing.T) {
	d := partstest.Open(t, partstest.Env(t, "en", 80, 24), confirm.New(confirm.Question{Title: "?"}))
	d.Press("down", "up", "enter")
	if !d.Done || d.Last() != nil {
		t.Error("a question without answers must close")
	}
}
