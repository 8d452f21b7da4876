/** What the documents give, as far as the page reads it. */
export interface Tag {
  id: string;
  name: string;
  sort_name?: string | null;
  description?: string | null;
  aliases: string[];
  favorite: boolean;
  image_path: string | null;
  scene_count?: number;
  image_count?: number;
  gallery_count?: number;
  performer_count?: number;
  scene_marker_count?: number;
  parents?: SlimTag[];
}

export interface SlimTag {
  id: string;
  name: string;
  image_path?: string | null;
  description?: string | null;
}

export interface Performer {
  id: string;
  name: string;
  disambiguation: string | null;
  gender: string | null;
  alias_list: string[];
  favorite: boolean;
  image_path: string | null;
  scene_count?: number;
  image_count?: number;
  gallery_count?: number;
  rating100?: number | null;
  tags?: SlimTag[];
}

export interface Studio {
  id: string;
  name: string;
  image_path: string | null;
  scene_count?: number;
}

export interface VideoFile {
  id: string;
  path: string;
  basename: string;
  size: number;
  mod_time: string;
  duration: number;
  video_codec: string;
  audio_codec: string;
  width: number;
  height: number;
  frame_rate: number;
  bit_rate: number;
  format: string;
  fingerprints: { type: string; value: string }[];
}

export interface Marker {
  id: string;
  title: string;
  seconds: number;
  end_seconds: number | null;
  stream: string;
  preview: string;
  screenshot: string;
  primary_tag: SlimTag;
  tags: SlimTag[];
  scene: { id: string; title?: string | null };
}

export interface ScenePaths {
  screenshot: string | null;
  preview: string | null;
  stream: string | null;
  webp: string | null;
  vtt: string | null;
  sprite: string | null;
  caption: string | null;
}

export interface Scene {
  id: string;
  title: string | null;
  code: string | null;
  details: string | null;
  director: string | null;
  urls: string[];
  date: string | null;
  rating100: number | null;
  o_counter: number | null;
  organized: boolean;
  resume_time: number | null;
  play_duration: number | null;
  play_count: number | null;
  last_played_at: string | null;
  play_history: string[];
  o_history: string[];
  created_at: string;
  updated_at: string;
  files: VideoFile[];
  paths: ScenePaths;
  scene_markers: Marker[];
  galleries: { id: string; title: string | null }[];
  studio: Studio | null;
  groups: { group: { id: string; name: string }; scene_index: number | null }[];
  tags: SlimTag[];
  performers: Performer[];
  sceneStreams: { url: string; mime_type: string | null; label: string | null }[];
}

/** A scene as lists show it. */
export type SlimScene = Omit<Scene, "play_history" | "o_history" | "sceneStreams">;

export interface Image {
  id: string;
  title: string | null;
  date: string | null;
  details: string | null;
  rating100: number | null;
  organized: boolean;
  o_counter: number | null;
  paths: { thumbnail: string | null; preview: string | null; image: string | null };
  visual_files: { id: string; path: string; width: number; height: number; size: number }[];
  tags: SlimTag[];
  performers: Performer[];
  galleries: { id: string; title: string | null }[];
  studio: Studio | null;
}

export interface Gallery {
  id: string;
  title: string | null;
  date: string | null;
  details: string | null;
  rating100: number | null;
  organized: boolean;
  image_count: number;
  paths: { cover: string; preview: string };
  folder: { path: string } | null;
  files: { path: string }[];
  tags: SlimTag[];
  performers: Performer[];
  studio: Studio | null;
}

export interface PluginSetting {
  name: string;
  display_name: string | null;
  description: string | null;
  type: "STRING" | "NUMBER" | "BOOLEAN";
}

export interface Plugin {
  id: string;
  name: string;
  description: string | null;
  url: string | null;
  version: string | null;
  enabled: boolean;
  requires: string[] | null;
  paths: { javascript: string[] | null; css: string[] | null };
  tasks: { name: string; description: string | null }[] | null;
  hooks: { name: string; description: string | null; hooks: string[] | null }[] | null;
  settings: PluginSetting[] | null;
}

export interface Job {
  id: string;
  status: "READY" | "RUNNING" | "FINISHED" | "STOPPING" | "CANCELLED" | "FAILED";
  subTasks: string[] | null;
  description: string;
  progress: number | null;
  startTime: string | null;
  endTime: string | null;
  addTime: string;
  error: string | null;
}

export type PluginValues = Record<string, unknown>;

export interface Configuration {
  general: { apiKey: string; username: string; logLevel: string; stashes: { path: string }[] };
  interface: {
    menuItems: string[] | null;
    showScrubber: boolean | null;
    autostartVideo: boolean | null;
    autostartVideoOnPlaySelected: boolean | null;
    continuePlaylistDefault: boolean | null;
    language: string | null;
    sfwContentMode: boolean;
  };
  ui: Record<string, unknown>;
  plugins: Record<string, PluginValues>;
}
