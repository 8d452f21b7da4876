"""Every GraphQL document that the plugin sends. A test checks each against Stash's own schema."""

from __future__ import annotations

_FILE = "path size width height fingerprints { type value } zip_file { path }"

CONFIGURATION = """
query SenseConfiguration($plugin: [ID!]) {
  version { version }
  configuration {
    general { apiKey username stashes { path } }
    ui
    plugins(include: $plugin)
  }
}"""

SCENES = f"""
query SenseScenes($ids: [ID!]) {{
  findScenes(ids: $ids, filter: {{ per_page: -1 }}) {{
    scenes {{
      id title date tags {{ id name }} performers {{ id name }} paths {{ stream }} files {{ {_FILE} duration }}
      scene_markers {{ id title seconds end_seconds created_at primary_tag {{ id }} tags {{ id }} }}
    }}
  }}
}}"""

IMAGES = f"""
query SenseImages($ids: [ID!]) {{
  findImages(ids: $ids, filter: {{ per_page: -1 }}) {{
    images {{
      id title date tags {{ id name }} performers {{ id name }} paths {{ image }}
      visual_files {{ ... on ImageFile {{ {_FILE} }} ... on VideoFile {{ {_FILE} duration }} }}
    }}
  }}
}}"""

GALLERIES = """
query SenseGalleries($ids: [ID!]) {
  findGalleries(ids: $ids, filter: { per_page: -1 }) {
    galleries {
      id title date image_count files { path } folder { path } tags { id name } performers { id name }
    }
  }
}"""

SCENE_ROWS = """
query SenseSceneRows($media: SceneFilterType, $page: FindFilterType) {
  findScenes(scene_filter: $media, filter: $page) {
    count scenes { id files { path size fingerprints { type value } } }
  }
}"""

IMAGE_ROWS = """
query SenseImageRows($media: ImageFilterType, $page: FindFilterType) {
  findImages(image_filter: $media, filter: $page) {
    count images {
      id visual_files {
        ... on ImageFile { path size fingerprints { type value } }
        ... on VideoFile { path size fingerprints { type value } }
      }
    }
  }
}"""

GALLERY_ROWS = """
query SenseGalleryRows($media: GalleryFilterType, $page: FindFilterType) {
  findGalleries(gallery_filter: $media, filter: $page) { count galleries { id image_count } }
}"""

TAGS = """
query SenseTags {
  findTags(filter: { per_page: -1, sort: "name", direction: ASC }) { tags { id name aliases } }
}"""

CREATE_TAG = """
mutation SenseCreateTag($input: TagCreateInput!) { tagCreate(input: $input) { id } }"""

TAG_DETAIL = """
query SenseTagDetail($id: ID!) {
  findTag(id: $id) {
    name aliases description scene_count scene_marker_count image_count gallery_count performer_count studio_count
    group_count child_count
  }
}"""

DESTROY_TAG = """
mutation SenseDestroyTag($id: ID!) { tagDestroy(input: { id: $id }) }"""

_PERFORMER = """id name disambiguation alias_list stash_ids { endpoint stash_id } scene_count image_count gallery_count
    created_at updated_at"""

SAME_PERFORMERS = f"""
query SenseSamePerformers($performers: PerformerFilterType) {{
  findPerformers(performer_filter: $performers, filter: {{ per_page: 25 }}) {{ performers {{ {_PERFORMER} }} }}
}}"""

PERFORMER_DETAIL = f"""
query SensePerformerDetail($id: ID!) {{ findPerformer(id: $id) {{ {_PERFORMER} }} }}"""

PERFORMER_IDS = """
query SensePerformerIds {
  findPerformers(filter: { per_page: -1 }) { performers { id stash_ids { endpoint stash_id } } }
}"""

_PERSON = """id name disambiguation alias_list gender birthdate image_path stash_ids { endpoint stash_id } updated_at"""

PERSONS = f"""
query SensePersons($ids: [ID!]) {{
  findPerformers(ids: $ids, filter: {{ per_page: -1 }}) {{ performers {{ {_PERSON} }} }}
}}"""

PERSONS_BY_WORDS = f"""
query SensePersonsByWords($page: FindFilterType) {{
  findPerformers(filter: $page) {{ performers {{ {_PERSON} }} }}
}}"""

STASH_BOXES = """
query SenseStashBoxes {
  configuration { general { stashBoxes { endpoint api_key name max_requests_per_minute } } }
}"""

CREATE_PERFORMER = """
mutation SenseCreatePerformer($input: PerformerCreateInput!) { performerCreate(input: $input) { id } }"""

DESTROY_PERFORMER = """
mutation SenseDestroyPerformer($id: ID!) { performerDestroy(input: { id: $id }) }"""

JOBS = """
query SenseJobs { jobQueue { id status description } }"""

FIND_JOB = """
query SenseFindJob($id: ID!) { findJob(input: { id: $id }) { id status description } }"""

RUN_TASK = """
mutation SenseRunTask($plugin: ID!, $description: String!, $args: Map) {
  runPluginTask(plugin_id: $plugin, description: $description, args_map: $args)
}"""

RELOAD_PLUGINS = """
mutation SenseReloadPlugins { reloadPlugins }"""

UPDATE_MEDIA = {
    "scene": ("bulkSceneUpdate", "BulkSceneUpdateInput!"),
    "image": ("bulkImageUpdate", "BulkImageUpdateInput!"),
    "gallery": ("bulkGalleryUpdate", "BulkGalleryUpdateInput!"),
}
"""Media kind -> (mutation, type of its input): how tags and performers are added to and removed from it."""

HOOK_HINTS = """
query SenseHookHints($plugin: [ID!], $tag_me: String!, $reprocess: String!) {
  configuration { plugins(include: $plugin) }
  tag_me: findTags(tag_filter: { name: { value: $tag_me, modifier: EQUALS } }, filter: { per_page: -1 }) {
    tags { id name }
  }
  reprocess: findTags(tag_filter: { name: { value: $reprocess, modifier: EQUALS } }, filter: { per_page: -1 }) {
    tags { id name }
  }
}"""

_ACTIVITY = "o_counter play_count play_duration resume_time play_history o_history"

_LIBRARY_SCENE = f"""id title date rating100 organized created_at updated_at {_ACTIVITY}
      files {{ path size duration }} studio {{ id }} performers {{ id }} tags {{ id }}
      scene_markers {{ seconds end_seconds updated_at primary_tag {{ id }} tags {{ id }} }}"""

LIBRARY_SCENES = f"""
query SenseLibraryScenes($media: SceneFilterType, $page: FindFilterType) {{
  findScenes(scene_filter: $media, filter: $page) {{ count scenes {{ {_LIBRARY_SCENE} }} }}
}}"""

LIBRARY_SCENES_OF = f"""
query SenseLibraryScenesOf($ids: [ID!]) {{
  findScenes(ids: $ids, filter: {{ per_page: -1 }}) {{ scenes {{ {_LIBRARY_SCENE} }} }}
}}"""

LIBRARY_ACTIVITY = f"""
query SenseLibraryActivity($media: SceneFilterType, $page: FindFilterType) {{
  findScenes(scene_filter: $media, filter: $page) {{ count scenes {{ id {_ACTIVITY} }} }}
}}"""

LIBRARY_IDS = """
query SenseLibraryIds($media: SceneFilterType, $page: FindFilterType) {
  findScenes(scene_filter: $media, filter: $page) { count scenes { id } }
}"""

LIBRARY_STATE = """
query SenseLibraryState {
  findScenes(filter: { per_page: 1, sort: "updated_at", direction: DESC }) { count scenes { updated_at } }
  findSceneMarkers(filter: { per_page: 1, sort: "updated_at", direction: DESC }) {
    count scene_markers { updated_at }
  }
}"""

TAG_TREE = """
query SenseTagTree {
  findTags(filter: { per_page: -1 }) { tags { id name favorite aliases parents { id } } }
}"""

LIBRARY_NAMES = """
query SenseLibraryNames {
  findTags(filter: { per_page: -1 }) { tags { id name favorite aliases parents { id } } }
  findPerformers(filter: { per_page: -1 }) { performers { id name favorite } }
  findStudios(filter: { per_page: -1 }) { studios { id name favorite } }
}"""
