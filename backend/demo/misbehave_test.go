package demo

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"easel/backend"
)

func TestWordsMisbehaveOverHTTP(t *testing.T) {
	c := newClock()
	base := server(t, c)
	if a := submit(t, base, sketch("a cat [broke]")); a.status != 402 || a.body["code"] != "insufficient_user_quota" {
		t.Errorf("[broke]: %d %v", a.status, a.body)
	}
	for i, want := range []int{429, 429, 200} {
		a := submit(t, base, sketch("a cat [busy]"))
		if a.status != want || want == 429 && a.header.Get("Retry-After") != "2" {
			t.Errorf("[busy], time %d: %d, Retry-After %q", i+1, a.status, a.header.Get("Retry-After"))
		}
	}
	end := func(prompt string, after time.Duration) answer {
		id := submit(t, base, sketch(prompt)).body["task_id"].(string)
		c.pass(after)
		return poll(t, base, id)
	}
	for prompt, code := range map[string]string{"[fail] cat": "generation_failed", "猫 [违规]": "output_moderation"} {
		d := end(prompt, time.Minute).task()
		if e, _ := d["error"].(map[string]any); d["status"] != "failed" || e["code"] != code || e["message"] == "" || d["result_url"] != nil {
			t.Errorf("%s: %v", prompt, d)
		}
	}
	if a := end("[vanish]cat", 10*time.Second); a.status != 404 || a.body["code"] != "task_not_exist" {
		t.Errorf("[vanish]: %d %v", a.status, a.body)
	}
	if a := end("[flaky] cat", 2*time.Second); a.status != 503 {
		t.Errorf("[flaky]: %d %v", a.status, a.body)
	}
	if d := end("[slow] cat", 80*time.Second).task(); d["status"] != "processing" {
		t.Errorf("[slow]: %v", d)
	}
	if d := end("[stuck] cat", 800*time.Hour).task(); d["status"] != "processing" {
		t.Errorf("[stuck]: %v", d)
	}
}

func TestLostAnswersAreFoundInTheList(t *testing.T) {
	base := server(t, newClock())
	b, _ := json.Marshal(sketch("a cat [lost]"))
	if a, err := send(t, "POST", base+"/v1/images/tasks", string(b)); err == nil {
		t.Fatalf("an answer came: %v", a)
	}
	_, page, err := fetch(t, base+"/")
	if err != nil {
		t.Fatal(err)
	}
	_, id, _ := strings.Cut(string(page), ticketPrefix)
	id, _, _ = strings.Cut(id, "\n")
	if a := poll(t, base, ticketPrefix+id); a.status != 200 {
		t.Errorf("the list has no id that is known: %s", page)
	}
	if a, err := send(t, "POST", base+"/v1/images/tasks", string(b)); err != nil || a.status != 200 {
		t.Errorf("sent again: %v %v", a, err)
	}
}

func TestTornPicturesBecomeWhole(t *testing.T) {
	c := newClock()
	base := server(t, c)
	id := submit(t, base, sketch("a cat [torn]")).body["task_id"].(string)
	task, _ := readTicket(id)
	_, total := task.takes()
	url := base + "/v1/images/results/" + id + "/1.png"
	c.pass(total + time.Second)
	if _, _, err := fetch(t, url); err == nil {
		t.Error("the first picture is not cut")
	}
	c.pass(5 * time.Second)
	if _, b, err := fetch(t, url); err != nil || backend.TypeOf(b) != "" {
		t.Errorf("then it is no HTML: %v %.20q", err, b)
	}
	c.pass(5 * time.Second)
	if _, b, err := fetch(t, url); err != nil || backend.TypeOf(b) != "png" {
		t.Errorf("then it is no picture: %v %.20q", err, b)
	}
}
