// Runs a program in xterm.js, the terminal of VS Code, in a headless Chromium, and
// makes pictures of it. .ci/terminals calls it:
//
//   node terminal.js MODULES CHROMIUM OUT IMAGES PROGRAM STEP...
//
// MODULES is a node_modules with @xterm/xterm, @xterm/addon-image, @lydell/node-pty
// and ws; IMAGES is 1 or 0. A STEP is "text:WORDS" (waits until they are on the
// screen), "key:BYTES" (with \e, \r, \t, \x03), "size:COLSxROWS", "pause:MS" or
// "shot:NAME".
'use strict'
const http = require('http'), fs = require('fs'), path = require('path'), os = require('os')
const { spawn } = require('child_process')
const { createRequire } = require('module')
const [modules, chromium, out, images, program, ...steps] = process.argv.slice(2)
const load = createRequire(path.join(path.resolve(modules), 'x.js'))
const pty = load('@lydell/node-pty'), { WebSocket, WebSocketServer } = load('ws')
const COLS = 140, ROWS = 40

const files = {
  '/': [path.join(__dirname, 'index.html'), 'text/html'],
  '/xterm.js': [path.join(modules, '@xterm/xterm/lib/xterm.js'), 'text/javascript'],
  '/xterm.css': [path.join(modules, '@xterm/xterm/css/xterm.css'), 'text/css'],
  '/addon-image.js': [path.join(modules, '@xterm/addon-image/lib/addon-image.js'), 'text/javascript'],
}
const server = http.createServer((request, response) => {
  const file = files[request.url.split('?')[0]]
  if (!file) return response.writeHead(404).end()
  response.setHeader('Content-Type', file[1])
  fs.createReadStream(file[0]).pipe(response)
})

let shell
new WebSocketServer({ server }).on('connection', socket => {
  const env = { ...process.env, TERM: 'xterm-256color', COLORTERM: 'truecolor', TERM_PROGRAM: 'vscode', TERM_PROGRAM_VERSION: '1.105.0' }
  for (const name of ['TMUX', 'SSH_CONNECTION', 'SSH_TTY', 'LC_TERMINAL']) delete env[name]
  shell = pty.spawn('bash', ['--norc', '-c', `${program}; exec bash --norc`], { cols: COLS, rows: ROWS, env, encoding: null })
  shell.onData(d => socket.send(d))
  socket.on('message', d => shell.write(d.toString()))
})

const sleep = ms => new Promise(done => setTimeout(done, ms))

// page speaks the DevTools protocol with the only page of the browser.
async function page(port) {
  for (let i = 0; ; i++) {
    try {
      const list = await (await fetch(`http://127.0.0.1:${port}/json/list`)).json()
      const target = list.find(t => t.type === 'page')
      if (target) {
        const socket = new WebSocket(target.webSocketDebuggerUrl, { perMessageDeflate: false })
        await new Promise((done, fail) => { socket.on('open', done); socket.on('error', fail) })
        let n = 0
        const waiting = {}
        socket.on('message', m => { const a = JSON.parse(m); waiting[a.id]?.(a.result) })
        return (method, params = {}) => new Promise(done => {
          waiting[++n] = done
          socket.send(JSON.stringify({ id: n, method, params }))
        })
      }
    } catch (e) { if (i > 100) throw e }
    await sleep(100)
  }
}

async function main() {
  await new Promise(done => server.listen(0, '127.0.0.1', done))
  const profile = fs.mkdtempSync(path.join(os.tmpdir(), 'xtermjs-'))
  const url = `http://127.0.0.1:${server.address().port}/?cols=${COLS}&rows=${ROWS}&images=${images}`
  const browser = spawn(chromium, ['--headless=new', '--no-sandbox', '--disable-gpu', '--remote-debugging-port=0',
    `--user-data-dir=${profile}`, '--window-size=1240,820', '--hide-scrollbars', url], { stdio: ['ignore', 'ignore', 'pipe'] })
  try {
    const port = await new Promise(done => browser.stderr.on('data', d => {
      const m = /127\.0\.0\.1:(\d+)/.exec(d)
      if (m) done(m[1])
    }))
    const call = await page(port)
    const evaluate = async expression => (await call('Runtime.evaluate', { expression })).result.value
    for (const step of steps) {
      const [verb, ...rest] = step.split(':'), what = rest.join(':')
      switch (verb) {
        case 'text':
          for (let i = 0; !((await evaluate('window.screenText?.() ?? ""')) ?? '').includes(what); i++) {
            if (i > 200) throw new Error(`"${what}" is not on the screen:\n${await evaluate('screenText()')}`)
            await sleep(50)
          }
          break
        case 'key':
          shell.write(what.replace(/\\e/g, '\x1b').replace(/\\r/g, '\r').replace(/\\t/g, '\t').replace(/\\x([0-9a-f]{2})/g, (_, h) => String.fromCharCode(parseInt(h, 16))))
          break
        case 'size': {
          const [cols, rows] = what.split('x').map(Number)
          await evaluate(`resizeTo_(${cols}, ${rows})`)
          shell.resize(cols, rows)
          break
        }
        case 'pause':
          await sleep(+what)
          break
        case 'shot': {
          const shot = await call('Page.captureScreenshot', { format: 'png' })
          fs.writeFileSync(path.join(out, what + '.png'), Buffer.from(shot.data, 'base64'))
          break
        }
        default:
          throw new Error(`no step "${verb}"`)
      }
    }
  } finally {
    shell?.kill()
    browser.kill()
    await new Promise(done => browser.on('exit', done))
    fs.rmSync(profile, { recursive: true, force: true })
    server.close()
  }
}
main().then(() => process.exit(0), e => { console.error(e.message); process.exit(1) })
