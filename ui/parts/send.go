package parts

import tea "charm.land/bubbletea/v2"

// Send gives the command that brings a message: how a popup answers.
func Send(msg tea.Msg) tea.Cmd { return func() tea.Msg { return msg } }
