package ui

import (
	"fmt"
	"time"

	"easel/backend"
	"easel/backend/task"
)

// providers are three with models of different kinds, and the demo.
func providers() []*backend.Provider {
	sizes := map[string][]backend.Size{
		"1:1":  {{Value: "1024x1024", Tier: "1K"}, {Value: "2048x2048", Tier: "2K"}},
		"16:9": {{Value: "1360x768", Tier: "1K"}, {Value: "2048x1152", Tier: "2K"}, {Value: "3840x2160", Tier: "4K"}},
		"9:16": {{Value: "768x1360", Tier: "1K"}, {Value: "1152x2048", Tier: "2K"}},
	}
	image2 := backend.Model{
		ID: "gpt-image-2", Ratios: []string{"1:1", "16:9", "9:16"}, SizesFor: sizes, Count: 8, PromptMax: 32000,
		References: backend.References{Max: 4, Ways: []backend.Way{{Min: 1, Max: 4, URL: true, File: true}}},
		Options: []backend.Option{
			{Name: "quality", Values: []string{"auto", "low", "medium", "high"}, Default: "auto"},
			{Name: "format", Values: []string{"png", "jpeg", "webp"}, Default: "png"},
		},
	}
	vip := image2
	vip.ID, vip.Count = "gpt-image-2-vip", 1
	vip.FreeSize = &backend.FreeSize{MultipleOf: 16, MaxEdge: 3840, MaxRatio: 3, MinPixels: 655360, MaxPixels: 8294400}
	banana := backend.Model{
		ID: "nano-banana-pro", Ratios: []string{"auto", "1:1", "16:9", "21:9"},
		Sizes:      []backend.Size{{Value: "1K"}, {Value: "2K"}, {Value: "4K"}},
		References: backend.References{Max: 6}, Takes: 20 * time.Second,
	}
	plain := backend.Model{ID: "dall-e-3", Sizes: []backend.Size{{Value: "1024x1024"}}}
	at := func(name string, models ...backend.Model) *backend.Provider {
		return &backend.Provider{Name: name, Title: name, BaseURL: "https://api.example.com", KeyHint: "the variable KEY", Models: models}
	}
	demo := at("demo", image2)
	demo.Local = true
	return []*backend.Provider{at("uniall", image2, banana), at("grsai", image2, vip, banana), at("defapi", plain), demo}
}

// epoch is when every bubble of virtual time begins, and a bit: what happened
// before the studio started.
func ago(d time.Duration) time.Time { return time.Now().Add(-d) }

// past is a history with every way in which a task can end.
func past_() []task.Record {
	rec := func(n int, state backend.State, provider, model, prompt string, took time.Duration) task.Record {
		at := ago(time.Duration(n) * 10 * time.Minute)
		return task.Record{
			V: 1, ID: fmt.Sprintf("a%03dkf9x%d", 900-n, n), State: state, Provider: provider, Model: model, Prompt: prompt,
			Ratio: "16:9", Size: "2048x1152", Count: 1, Options: map[string]string{"quality": "medium", "format": "png"},
			Ticket: "task_0192ab", BaseURL: "https://api.example.com", Created: at, Sent: at, Ready: at.Add(took), Finished: at.Add(took + time.Second),
		}
	}
	with := func(r task.Record, n, w, h int) task.Record {
		for i := range n {
			r.Files = append(r.Files, task.File{
				Path: fmt.Sprintf("/home/ann/Pictures/easel/2026-11-20/174512-a-border-collie-%s-%d.png", r.ID[len(r.ID)-6:], i+1),
				URL:  "https://cdn.example.com/r.png", Width: w, Height: h, Format: "png", Bytes: 1_234_567, SHA256: "ab12",
			})
		}
		r.Cost = &backend.Cost{Amount: "0.50", Unit: "credits"}
		return r
	}
	out := []task.Record{
		with(rec(1, backend.Done, "grsai", "gpt-image-2", "a border collie selling leashes on a live stream, ring light", 18*time.Second), 1, 1376, 768),
		with(rec(2, backend.Done, "uniall", "gpt-image-2", "白色暹罗猫，窗边，柔光", 24*time.Second), 1, 2048, 1152),
		rec(3, backend.Failed, "uniall", "gpt-image-2", "a red cube on a clean white desk", 0),
		rec(4, backend.Failed, "grsai", "nano-banana-pro", "a very nice picture", 0),
		with(rec(5, backend.Done, "uniall", "gpt-image-2", "two swimmers, top view, risograph", 41*time.Second), 2, 2048, 1152),
		rec(6, backend.Canceled, "defapi", "dall-e-3", "a mountain, no people", 0),
	}
	out[2].Error = &task.RecordError{Kind: backend.Moderated, Message: "Your request was rejected by the safety system.", HTTP: 400, TraceID: "req_9912"}
	out[3].Error = &task.RecordError{Kind: backend.Unauthorized, Message: "Invalid token \x1b[31mred", HTTP: 401}
	return out
}

// flight is tasks that are not over, in every state.
func flight() []task.Task {
	at := func(n int, state backend.State, provider, prompt string, so time.Duration) task.Task {
		return task.Task{
			ID: fmt.Sprintf("b%03dqw7e%d", n, n), State: state, Progress: -1, Created: ago(so), Sent: ago(so), Accepted: ago(so), Ticket: "task_77c1",
			Request: backend.Request{Provider: provider, Model: "gpt-image-2", Prompt: prompt, Ratio: "16:9", Size: "2048x1152", Count: 2},
		}
	}
	unsure := at(1, backend.Unsure, "defapi", "a blue glass sphere, soft daylight", time.Hour)
	unsure.Ticket, unsure.Error = "", &backend.Error{Provider: "defapi", Op: backend.OpSubmit, Kind: backend.Timeout, Message: "no answer within 60s"}
	asking := at(2, backend.Pending, "uniall", "a lighthouse in fog", 40*time.Minute)
	asking.Asking, asking.Sent, asking.Accepted, asking.Ticket = true, time.Time{}, time.Time{}, ""
	running := at(3, backend.Running, "grsai", "Sunrise over three misty ridges, a single pale sun", 12*time.Second)
	running.Progress = 0.45
	queued := at(4, backend.Queued, "uniall", "留白，像一张旧明信片。三座雾中的山脊", 3*time.Second)
	return []task.Task{queued, running, asking, unsure}
}

// draft is what was being written.
func draft() backend.Request {
	return backend.Request{
		Provider: "uniall", Model: "gpt-image-2", Ratio: "16:9", Size: "2048x1152", Count: 2,
		Options: map[string]string{"quality": "medium", "format": "png"},
		Prompt:  "Sunrise over three misty ridges, a single pale sun, warm haze, muted ochre and slate, painted in gouache, wide and quiet.\n\n留白，像一张旧明信片。",
	}
}

// atWork is a studio in the middle of everything.
func atWork() setup { return setup{work: true} }

// fill makes what atWork has, in the bubble's own time.
func (s *setup) fill() {
	s.engine = &fakeEngine{tasks: flight()}
	if s.still {
		s.engine.tasks = nil
	}
	s.history = &fakeHistory{records: past_(), draft: draft(), prompts: []string{"a border collie", "one\ntwo\nthree", "a red cube"}, usual: 31 * time.Second}
}
