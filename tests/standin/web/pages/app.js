"use strict";

const QUERY = `{
  findScenes(filter: { per_page: 100, sort: "id" }) { count scenes {
    id title updated_at tags { id name } files { basename duration }
    scene_markers { id title seconds end_seconds primary_tag { name } } } }
  plugins { id name enabled description tasks { name description } }
  jobQueue { id description status progress subTasks }
  logs { time level message }
}`;
const EVERY_MS = 2000;

const el = (name, fields = {}, ...children) => {
  const made = Object.assign(document.createElement(name), fields);
  made.append(...children);
  return made;
};
const clock = seconds => {
  const whole = Math.floor(seconds);
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
};

async function ask(query, variables) {
  const answer = await fetch("graphql", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ query, variables }),
  });
  if (answer.status === 401) location.href = `login?returnURL=${encodeURIComponent(location.pathname)}`;
  const body = await answer.json();
  if (body.errors) throw new Error(body.errors.map(error => error.message).join("; "));
  return body.data;
}

// Only what changed is drawn, so that a playing video goes on playing.
const shown = new Map();
function draw(id, value, make) {
  const text = JSON.stringify(value);
  if (shown.get(id) === text) return;
  shown.set(id, text);
  document.getElementById(id).replaceChildren(...make(value));
}

function markers(scene, video) {
  const duration = scene.files[0]?.duration || 1;
  const line = el("div", { className: "markers" });
  for (const marker of scene.scene_markers) {
    const end = marker.end_seconds ?? marker.seconds;
    const name = marker.title || marker.primary_tag.name;
    const range = `${clock(marker.seconds)}${marker.end_seconds === null ? "" : `-${clock(end)}`}`;
    const span = el("span", { textContent: name, title: `${name} ${range}` });
    span.style.left = `${(100 * marker.seconds) / duration}%`;
    span.style.width = `${(100 * (end - marker.seconds)) / duration}%`;
    span.onclick = () => { video.currentTime = marker.seconds; video.play(); };
    line.append(span);
  }
  return line;
}

function scene(found) {
  const file = found.files[0];
  const video = el("video", { src: `scene/${found.id}/stream`, controls: true, preload: "metadata", muted: true });
  const tags = found.tags.map(tag =>
    el("span", { className: tag.name.startsWith("AI_") ? "pill ai" : "pill", textContent: tag.name }));
  return el("article", { className: "scene" }, video, el("div", {},
    el("h3", { textContent: found.title || file?.basename || `Scene ${found.id}` }),
    el("p", { className: "muted", textContent: file ? `${file.basename} · ${clock(file.duration)}` : "no file" }),
    el("div", {}, ...tags), ...(found.scene_markers.length ? [markers(found, video)] : [])));
}

// Scenes are drawn one by one: the others keep their players.
const scenes = new Map();
function drawScenes(found) {
  document.getElementById("count").textContent = found.count || "";
  const list = document.getElementById("scenes");
  const kept = new Set();
  for (const one of found.scenes) {
    const text = JSON.stringify(one);
    kept.add(one.id);
    const known = scenes.get(one.id);
    if (known?.text === text) continue;
    const made = scene(one);
    if (known) known.node.replaceWith(made); else list.append(made);
    scenes.set(one.id, { text, node: made });
  }
  for (const [id, known] of scenes) if (!kept.has(id)) { known.node.remove(); scenes.delete(id); }
  if (!scenes.size) list.replaceChildren(el("p", { className: "muted", textContent: "No scenes yet: put videos into the library folder and scan." }));
  else list.querySelector(":scope > p")?.remove();
}

const plugin = found => el("div", {},
  el("h3", { textContent: found.name + (found.enabled ? "" : " (disabled)") }),
  ...(found.tasks || []).map(task => el("div", { className: "task" },
    el("button", {
      textContent: task.name,
      disabled: !found.enabled,
      onclick: () => act("mutation($p: ID!, $t: String!) { runPluginTask(plugin_id: $p, task_name: $t) }", { p: found.id, t: task.name }),
    }),
    el("span", { className: "muted", textContent: task.description || "" }))));

const job = found => {
  const bar = el("i");
  bar.style.width = `${Math.round((found.progress ?? 0) * 100)}%`;
  return el("div", {}, el("div", { className: "task" },
    el("span", { textContent: `${found.description} — ${found.status.toLowerCase()}` }),
    el("button", { className: "quiet", textContent: "Stop", onclick: () => act("mutation($id: ID!) { stopJob(job_id: $id) }", { id: found.id }) })),
    ...(found.subTasks || []).map(text => el("p", { className: "muted", textContent: text })),
    el("div", { className: "bar" }, bar));
};

const nothing = text => [el("p", { className: "muted", textContent: text })];

async function refresh() {
  const failure = document.getElementById("failure");
  try {
    const data = await ask(QUERY);
    failure.textContent = "";
    drawScenes(data.findScenes);
    draw("plugins", data.plugins, all => (all ? all.map(plugin) : nothing("No plugins yet.")));
    draw("jobs", data.jobQueue, all => (all ? all.map(job) : nothing("Nothing is running.")));
    draw("log", data.logs, all => all.map(line => el("div", { className: line.level, textContent: `${new Date(line.time).toLocaleTimeString()} ${line.message}` })));
  } catch (error) {
    failure.textContent = error.message;
  }
}

async function act(query, variables) {
  try {
    await ask(query, variables);
  } catch (error) {
    document.getElementById("failure").textContent = error.message;
  }
  await refresh();
}

document.getElementById("scan").onclick = () => act("mutation { metadataScan(input: { scanGenerateCovers: true }) }");
refresh();
setInterval(() => { if (!document.hidden) refresh(); }, EVERY_MS);
