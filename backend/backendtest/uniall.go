package backendtest

import (
	"fmt"
	"net/http"
	"strings"
)

// uniall is POST /v1/images/tasks (JSON, or multipart with one file) with a flat
// answer, and GET /v1/images/tasks/{id} with a wrapped one.
//
// Shapes (Plan.Shape): text tells why a task failed as a string, not as an
// object with code and message.
type uniall struct{}

func uniallNano() []string {
	return strings.Fields("NanoBanana NanoBanana2-0.5K NanoBanana2-1K NanoBanana2-2K NanoBanana2-4K " +
		"NanoBananaPro-1K NanoBananaPro-2K NanoBananaPro-4K NanoBananaPro-8K")
}

// The 48 sizes of gpt-image-2, in the order of the document.
const uniallSizes = "1024x768 768x1024 1344x1024 1024x1344 1280x1024 1024x1280 1360x768 768x1360 1536x864 864x1536 " +
	"1024x1024 1536x1024 1024x1536 2048x1024 1024x2048 2016x864 864x2016 1920x1080 1080x1920 1536x1536 " +
	"2048x1360 1360x2048 2048x1536 1536x2048 2160x1440 1440x2160 2048x1152 1152x2048 2688x1344 1344x2688 " +
	"2688x1152 1152x2688 2560x1440 1440x2560 2048x2048 2560x2048 2048x2560 2880x2880 3264x2448 2448x3264 " +
	"3504x2336 2336x3504 3840x1920 1920x3840 3840x1648 1648x3840 3840x2160 2160x3840"

func uniallRules(model string) rules {
	rs := rules{
		"model":           {kind: aText, need: true, in: append(uniallNano(), "gpt-image-2")},
		"prompt":          {kind: aText, need: true},
		"task_type":       {kind: aText, in: strings.Fields("text2image image2image")},
		"image":           {kind: aText},
		"images":          {kind: texts, min: 2}, // one goes in image
		"response_format": {kind: aText, need: true, in: []string{"url"}},
		// "不支持" in one table, optional in another; every example says 1.
		"n": {kind: aNumber, min: 1, max: 1},
	}
	switch {
	case model == "gpt-image-2":
		return rs.with(rules{
			"size":          {kind: aText, need: true, in: strings.Fields(uniallSizes)},
			"quality":       {kind: aText, in: strings.Fields("low medium high")},
			"n":             {kind: aNumber, min: 1, max: 8},
			"output_format": {kind: aText, in: strings.Fields("png jpeg webp")},
		})
	case model == "NanoBanana":
		rs["output_format"] = rule{kind: aText, in: strings.Fields("png jpeg webp")}
	default:
		rs["output_format"] = rule{kind: aText, in: strings.Fields("png jpeg")}
	}
	rs["aspect_ratio"] = rule{kind: aText, in: strings.Fields("1:1 2:3 3:2 3:4 4:3 4:5 5:4 9:16 16:9 21:9")}
	return rs
}

func (uniall) route(method, path string) Step {
	id, isTask := strings.CutPrefix(path, "/v1/images/tasks/")
	switch {
	case method == http.MethodPost && path == "/v1/images/tasks":
		return StepSubmit
	case method == http.MethodGet && isTask && id != "" && !strings.Contains(id, "/"):
		return StepPoll
	}
	return StepNone
}

func (p uniall) judge(s *Sent) {
	s.query()
	if s.Step == StepPoll {
		s.Tickets = []string{strings.TrimPrefix(s.Path, "/v1/images/tasks/")}
		return
	}
	if strings.HasPrefix(s.Header.Get("Content-Type"), "multipart/form-data") {
		p.judgeForm(s)
	} else {
		body := object(s)
		s.Model, _ = body["model"].(string)
		uniallRules(s.Model).judge(s, body)
		if one := s.text("image"); one != "" {
			s.refer(one, nil, "url")
		}
		for _, ref := range s.list("images") {
			s.refer(ref, nil, "url")
		}
		if s.Fields["image"] != nil && s.Fields["images"] != nil {
			s.illegal("image and images together")
		}
	}
	kind := "text2image"
	if len(s.References) > 0 {
		kind = "image2image"
	}
	if got := s.text("task_type"); got != "" && got != kind {
		s.illegal(fmt.Sprintf("task_type %s with %d references", got, len(s.References)))
	}
	s.Count = s.number("n", 1)
}

// judgeForm reads a multipart body: its file is the one reference, and nothing
// else refers to a picture.
func (uniall) judgeForm(s *Sent) {
	all := uniallRules("gpt-image-2")
	body := all.form(s, "image")
	s.Model, _ = body["model"].(string)
	rs := uniallRules(s.Model)
	delete(rs, "image")
	delete(rs, "images")
	rs.judge(s, body)
	if len(s.References) != 1 {
		s.illegal(fmt.Sprintf("%d files; the document knows one", len(s.References)))
	}
}

func (p uniall) answer(x *exchange) {
	if x.sent.Step == StepPoll {
		v, ok := x.h.look(x.sent.Tickets[0])
		if !ok {
			x.refuse(http.StatusNotFound, "task not found")
			return
		}
		x.reply(http.StatusOK, obj{"code": "success", "message": "", "data": p.task(v)})
		return
	}
	t := x.make()
	if t.Plan.AtOnce {
		x.reply(http.StatusOK, p.task(x.h.end(t.ID)))
		return
	}
	x.reply(http.StatusOK, p.task(view{Task: *t, First: true}))
}

// task is the task object of the document: the answer to a submit, and what is
// under data in the answer to a poll.
func (uniall) task(v view) obj {
	kind := "text2image"
	if len(v.Sent.References) > 0 {
		kind = "image2image"
	}
	meta := obj{"task_type": kind}
	out := obj{
		"task_id": v.ID, "status": "processing", "progress": fmt.Sprintf("%d%%", v.Progress),
		"result_url": "", "metadata": meta, "error": nil,
	}
	switch {
	case v.Over && v.Failed():
		out["status"], out["error"] = "failed", uniallReason(v)
	case v.Over:
		out["status"], out["result_url"] = "succeeded", v.Images[0]
		meta["result_count"] = len(v.Images)
		if len(v.Images) > 1 {
			meta["result_urls"] = v.Images
		}
	case v.Word != "":
		out["status"] = v.Word
	case v.First:
		out["status"] = "queued"
	}
	return out
}

func uniallReason(v view) any {
	code := "generation_failed"
	if v.Plan.Refused {
		code = "output_moderation"
	}
	switch {
	case v.Plan.Shape == "text" && v.Plan.Refused:
		return code
	case v.Plan.Shape == "text":
		return v.reason()
	}
	return obj{"code": code, "message": v.reason()}
}

// refusal: the document shows no error of HTTP; this is the error of its task
// object for a submit, and its envelope for a poll.
func (uniall) refusal(step Step, status int, s *Sent, why string) any {
	if step == StepPoll {
		return obj{"code": errorCode(status), "message": why, "data": nil}
	}
	return obj{"error": obj{"code": errorCode(status), "message": why}}
}

func (uniall) id(n int) string { return "task_" + strings.ReplaceAll(uuid(n), "-", "")[:20] }
