package ui

import (
	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"
)

type binding = key.Binding

// popup opens what was asked for.
func (m *model) popup(a any) {}

// popupReply gives an answer to the popup that asked.
func (m *model) popupReply(msg tea.Msg) []tea.Cmd { return nil }
