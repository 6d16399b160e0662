// Package server answers which features are on, and lets operators switch them until the next start.
package server

import (
	"net/http"
	"sync"

	"acme.example/flags/config"
)

// Server holds the flags of one process.
type Server struct {
	mu    sync.Mutex
	flags map[string]bool
}

// New reads the flags once.
func New(path string) (*Server, error) {
	flags, err := config.Load(path)
	if err != nil {
		return nil, err
	}
	return &Server{flags: flags}, nil
}

// Enabled tells whether a feature is on.
func (s *Server) Enabled(name string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.flags[name]
}

// ServeHTTP switches a feature: POST /flags?name=N&on=true.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	name := r.FormValue("name")
	if r.Method != http.MethodPost || name == "" {
		http.Error(w, "POST with a name", http.StatusBadRequest)
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.flags[name] = r.FormValue("on") == "true"
}
