package parts_test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"easel/backend"
	"easel/ui/ask"
	"easel/ui/keys"
	"easel/ui/parts"
	"easel/ui/parts/confirm"
	"easel/ui/parts/files"
	"easel/ui/parts/help"
	"easel/ui/parts/input"
	"easel/ui/parts/inspect"
	"easel/ui/parts/messages"
	"easel/ui/parts/palette"
	"easel/ui/parts/partstest"
	"easel/ui/parts/picker"
	"easel/ui/parts/prompts"
)

var update = flag.Bool("update", false, "write the golden screens anew")

// popups makes every popup as a person may find it.
var popups = map[string]func(env parts.Env) parts.Popup{
	"picker": func(parts.Env) parts.Popup {
		return picker.New(ask.Pick{Tag: "model", Title: "Model", Current: "nano-banana-2", Items: []ask.Item{
			{Value: "nano-banana", Note: "1K"}, {Value: "nano-banana-2", Note: "up to 4K"}, {Value: "nano-banana-pro", Note: "slow and careful, up to 4K"},
			{Value: "gpt-image-2"}, {Value: "gpt-image-2-vip", Note: "free pixels"},
		}})
	},
	"typed": func(parts.Env) parts.Popup {
		p := ask.Pick{Tag: "size", Title: "Size", Current: "2048x1152", Judge: backend.FreeSize{MultipleOf: 16, MaxEdge: 3840, MaxRatio: 3}.Check}
		for _, s := range strings.Fields("1024x1024 1280x720 2048x2048 2048x1152 3840x2160") {
			p.Items = append(p.Items, ask.Item{Value: s, Note: "2K"})
		}
		return picker.New(p)
	},
	"input": func(parts.Env) parts.Popup {
		return input.New(ask.Type{Tag: "seed", Title: "Seed", Text: "42", Judge: func(s string) error {
			return backend.Option{Name: "seed", Number: true, Max: 9999}.Check(s)
		}})
	},
	"confirm": func(env parts.Env) parts.Popup {
		say := env.Words.Say
		q := confirm.Question{Title: say("studio.unsure.title", "k3f9x2"), Text: say("studio.advice.unsure")}
		for _, v := range []ask.Verb{ask.Look, ask.Adopt, ask.Resend, ask.Lost} {
			q.Choices = append(q.Choices, confirm.Choice{Value: string(v), Label: say("studio.unsure." + string(v)), Note: say("studio.unsure." + string(v) + "_note")})
		}
		return confirm.New(q)
	},
	"palette": func(env parts.Env) parts.Popup {
		return palette.New(env, []keys.Action{keys.Generate, keys.Newline, keys.Search, keys.Editor, keys.PickModel, keys.PickRatio, keys.AddRef, keys.Messages, keys.Quit})
	},
	"help": func(env parts.Env) parts.Popup {
		return help.New(help.Groups(env, keys.Tasks, keys.Outside, keys.Everywhere))
	},
	"messages": func(env parts.Env) parts.Popup {
		l, say := &messages.Log{}, env.Words.Say
		for i, c := range []struct {
			level ask.Level
			text  string
		}{
			{ask.Info, say("studio.say.loaded", "k3f9x2")},
			{ask.Good, say("studio.say.reference_added", "ridge-sketch.png")},
			{ask.Warn, say("check.size.multiple", "1600x1000", "16", "1600x1008")},
			{ask.Bad, env.Words.Error(&backend.Error{Kind: backend.Unauthorized, HTTP: 401, Message: "Invalid token (无效的令牌)"})},
		} {
			l.Add(partstest.Now.Add(time.Duration(i)*time.Minute), c.level, c.text)
		}
		return messages.New(l)
	},
	"inspect": func(parts.Env) parts.Popup {
		return inspect.New("k3f9x2",
			inspect.Section{Title: "curl", Text: "curl https://api.example.com/v1/images/tasks \\\n  -H \"Authorization: Bearer $UNIALL_API_KEY\" \\\n  -d '{\"model\":\"gpt-image-2\",\"prompt\":\"Sunrise over three misty ridges. 留白，像一张旧明信片。\"}'"},
			inspect.Section{Title: "JSON", JSON: true, Text: `{"code":"success","data":{"task_id":"task_01","status":"succeeded","urls":["https://cdn.example.com/a/very/long/path/that/does/not/fit/into/one/line/1.png"]}}`})
	},
	"prompts": func(parts.Env) parts.Popup {
		return prompts.New(ask.Search{Tag: "prompt", Prompts: []string{
			"a border collie selling leashes on a live stream, ring light, phone frame, and a crowd that watches",
			"Sunrise over three misty ridges,\na single pale sun, warm haze.\n\n留白，像一张旧明信片。", "白色暹罗猫，窗边，柔光",
		}}, "mist")
	},
	"files": func(env parts.Env) parts.Popup {
		p := files.New(ask.File{Tag: "reference", Title: env.Words.Say("studio.references.add")}, "/home/ann/Pictures")
		p.Update(env, files.Listed{Asked: files.List{Base: "/home/ann/Pictures"}, Path: "/home/ann/Pictures", Entries: []files.Entry{
			{Name: "easel", Folder: true}, {Name: "ridge-sketch.png", Bytes: 1_240_000, Time: partstest.Now.Add(-time.Hour)},
			{Name: "白猫 窗边.webp", Bytes: 98_000, Time: partstest.Now.Add(-90 * 24 * time.Hour)},
		}})
		return p
	},
}

// play is what a person did before the picture was taken.
var play = map[string]func(d *partstest.Drive){
	"picker":  func(d *partstest.Drive) { d.Type("nano") },
	"typed":   func(d *partstest.Drive) { d.Type("1600x1000") },
	"input":   func(d *partstest.Drive) { d.Type("猫") },
	"palette": func(d *partstest.Drive) { d.Press("down", "down") },
	"inspect": func(d *partstest.Drive) { d.Press("tab") },
}

// Every popup looks as it looked when somebody looked at it last.
func TestPopups(t *testing.T) {
	for name, open := range popups {
		for _, lang := range []string{"en", "zh-CN"} {
			for _, size := range [][2]int{{40, 10}, {80, 24}, {120, 40}} {
				env := partstest.Env(t, lang, size[0], size[1])
				d := partstest.Open(t, env, open(env))
				if f := play[name]; f != nil {
					f(d)
				}
				golden(t, fmt.Sprintf("popup-%s-%s-%dx%d", name, lang, size[0], size[1]), draw(d))
			}
		}
	}
}

// draw gives the popup, where its cursor stands, and the keys that it names.
func draw(d *partstest.Drive) string {
	lines := d.Lines()
	where := "no cursor"
	if x, y, ok := d.Popup.Cursor(d.Env); ok {
		where = fmt.Sprintf("cursor at %d,%d, behind %q", x, y, d.Before())
	}
	var named []string
	for _, b := range d.Popup.Keys(d.Env) {
		named = append(named, b.Help().Key+" "+b.Help().Desc)
	}
	return strings.Join(lines, "\n") + "\n" + where + "\n" + strings.Join(named, " · ") + "\n"
}

// golden compares with a file in testdata/screens.
func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("..", "..", "testdata", "screens", name+".txt")
	if *update {
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatalf("%v; go test ./ui/parts -run TestPopups -update writes it", err)
	}
	if string(want) != got {
		t.Errorf("the popup %s is another one (-update writes it anew):\n%s", name, got)
	}
}
