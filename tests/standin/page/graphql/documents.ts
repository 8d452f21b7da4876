/** The documents, named as in Stash: plugins evict, refetch and send them by these names (PluginApi.GQL). */
import { gql } from "@apollo/client";

const SLIM_TAG = gql`
  fragment SlimTagData on Tag {
    id
    name
    image_path
    description
  }
`;

const TAG = gql`
  fragment TagData on Tag {
    id
    name
    sort_name
    description
    aliases
    ignore_auto_tag
    favorite
    image_path
    scene_count
    scene_marker_count
    image_count
    gallery_count
    performer_count
    studio_count
    parents {
      ...SlimTagData
    }
    children {
      ...SlimTagData
    }
  }
  ${SLIM_TAG}
`;

const PERFORMER = gql`
  fragment PerformerData on Performer {
    id
    name
    disambiguation
    gender
    alias_list
    favorite
    image_path
    rating100
    scene_count
    image_count
    gallery_count
    tags {
      ...SlimTagData
    }
  }
  ${SLIM_TAG}
`;

const STUDIO = gql`
  fragment SlimStudioData on Studio {
    id
    name
    image_path
  }
`;

const VIDEO_FILE = gql`
  fragment VideoFileData on VideoFile {
    id
    path
    basename
    size
    mod_time
    duration
    video_codec
    audio_codec
    width
    height
    frame_rate
    bit_rate
    format
    fingerprints {
      type
      value
    }
  }
`;

const MARKER = gql`
  fragment SceneMarkerData on SceneMarker {
    id
    title
    seconds
    end_seconds
    stream
    preview
    screenshot
    scene {
      id
    }
    primary_tag {
      ...SlimTagData
    }
    tags {
      ...SlimTagData
    }
  }
  ${SLIM_TAG}
`;

const SLIM_SCENE = gql`
  fragment SlimSceneData on Scene {
    id
    title
    code
    details
    director
    urls
    date
    rating100
    o_counter
    organized
    resume_time
    play_duration
    play_count
    last_played_at
    created_at
    updated_at
    files {
      ...VideoFileData
    }
    paths {
      screenshot
      preview
      stream
      webp
      vtt
      sprite
      caption
    }
    scene_markers {
      ...SceneMarkerData
    }
    galleries {
      id
      title
    }
    studio {
      ...SlimStudioData
    }
    groups {
      group {
        id
        name
      }
      scene_index
    }
    tags {
      ...SlimTagData
    }
    performers {
      ...PerformerData
    }
  }
  ${VIDEO_FILE}
  ${MARKER}
  ${STUDIO}
  ${SLIM_TAG}
  ${PERFORMER}
`;

const SCENE = gql`
  fragment SceneData on Scene {
    ...SlimSceneData
    play_history
    o_history
    sceneStreams {
      url
      mime_type
      label
    }
  }
  ${SLIM_SCENE}
`;

const IMAGE = gql`
  fragment ImageData on Image {
    id
    title
    date
    details
    rating100
    organized
    o_counter
    paths {
      thumbnail
      preview
      image
    }
    visual_files {
      ... on ImageFile {
        id
        path
        width
        height
        size
      }
      ... on VideoFile {
        id
        path
        width
        height
        size
      }
    }
    tags {
      ...SlimTagData
    }
    performers {
      ...PerformerData
    }
    galleries {
      id
      title
    }
    studio {
      ...SlimStudioData
    }
  }
  ${SLIM_TAG}
  ${PERFORMER}
  ${STUDIO}
`;

const GALLERY = gql`
  fragment GalleryData on Gallery {
    id
    title
    date
    details
    rating100
    organized
    image_count
    paths {
      cover
      preview
    }
    folder {
      path
    }
    files {
      path
    }
    tags {
      ...SlimTagData
    }
    performers {
      ...PerformerData
    }
    studio {
      ...SlimStudioData
    }
  }
  ${SLIM_TAG}
  ${PERFORMER}
  ${STUDIO}
`;

const JOB = gql`
  fragment JobData on Job {
    id
    status
    subTasks
    description
    progress
    startTime
    endTime
    addTime
    error
  }
`;

export const FindSceneDocument = gql`
  query FindScene($id: ID!, $checksum: String) {
    findScene(id: $id, checksum: $checksum) {
      ...SceneData
    }
  }
  ${SCENE}
`;

export const FindScenesDocument = gql`
  query FindScenes($filter: FindFilterType, $scene_filter: SceneFilterType, $scene_ids: [Int!]) {
    findScenes(filter: $filter, scene_filter: $scene_filter, scene_ids: $scene_ids) {
      count
      filesize
      duration
      scenes {
        ...SlimSceneData
      }
    }
  }
  ${SLIM_SCENE}
`;

export const FindSceneMarkerTagsDocument = gql`
  query FindSceneMarkerTags($id: ID!) {
    sceneMarkerTags(scene_id: $id) {
      tag {
        ...SlimTagData
      }
      scene_markers {
        ...SceneMarkerData
      }
    }
  }
  ${SLIM_TAG}
  ${MARKER}
`;

export const FindSceneMarkersDocument = gql`
  query FindSceneMarkers($filter: FindFilterType, $scene_marker_filter: SceneMarkerFilterType) {
    findSceneMarkers(filter: $filter, scene_marker_filter: $scene_marker_filter) {
      count
      scene_markers {
        ...SceneMarkerData
      }
    }
  }
  ${MARKER}
`;

export const SceneUpdateDocument = gql`
  mutation SceneUpdate($input: SceneUpdateInput!) {
    sceneUpdate(input: $input) {
      ...SceneData
    }
  }
  ${SCENE}
`;

export const BulkSceneUpdateDocument = gql`
  mutation BulkSceneUpdate($input: BulkSceneUpdateInput!) {
    bulkSceneUpdate(input: $input) {
      ...SceneData
    }
  }
  ${SCENE}
`;

export const SceneSaveActivityDocument = gql`
  mutation SceneSaveActivity($id: ID!, $resume_time: Float, $playDuration: Float) {
    sceneSaveActivity(id: $id, resume_time: $resume_time, playDuration: $playDuration)
  }
`;

export const SceneAddPlayDocument = gql`
  mutation SceneAddPlay($id: ID!, $times: [Timestamp!]) {
    sceneAddPlay(id: $id, times: $times) {
      count
      history
    }
  }
`;

export const SceneAddODocument = gql`
  mutation SceneAddO($id: ID!, $times: [Timestamp!]) {
    sceneAddO(id: $id, times: $times) {
      count
      history
    }
  }
`;

export const ScenesDestroyDocument = gql`
  mutation ScenesDestroy($ids: [ID!]!, $delete_file: Boolean, $delete_generated: Boolean) {
    scenesDestroy(input: { ids: $ids, delete_file: $delete_file, delete_generated: $delete_generated })
  }
`;

export const SceneMarkerCreateDocument = gql`
  mutation SceneMarkerCreate(
    $title: String!
    $seconds: Float!
    $end_seconds: Float
    $scene_id: ID!
    $primary_tag_id: ID!
    $tag_ids: [ID!] = []
  ) {
    sceneMarkerCreate(
      input: {
        title: $title
        seconds: $seconds
        end_seconds: $end_seconds
        scene_id: $scene_id
        primary_tag_id: $primary_tag_id
        tag_ids: $tag_ids
      }
    ) {
      ...SceneMarkerData
    }
  }
  ${MARKER}
`;

export const SceneMarkerDestroyDocument = gql`
  mutation SceneMarkerDestroy($id: ID!) {
    sceneMarkerDestroy(id: $id)
  }
`;

export const FindTagDocument = gql`
  query FindTag($id: ID!) {
    findTag(id: $id) {
      ...TagData
    }
  }
  ${TAG}
`;

export const FindTagsDocument = gql`
  query FindTags($filter: FindFilterType, $tag_filter: TagFilterType, $ids: [ID!]) {
    findTags(filter: $filter, tag_filter: $tag_filter, ids: $ids) {
      count
      tags {
        ...TagData
      }
    }
  }
  ${TAG}
`;

export const FindTagsForSelectDocument = gql`
  query FindTagsForSelect($filter: FindFilterType, $tag_filter: TagFilterType, $ids: [ID!]) {
    findTags(filter: $filter, tag_filter: $tag_filter, ids: $ids) {
      count
      tags {
        id
        name
        sort_name
        favorite
        description
        aliases
        image_path
      }
    }
  }
`;

export const TagCreateDocument = gql`
  mutation TagCreate($input: TagCreateInput!) {
    tagCreate(input: $input) {
      ...TagData
    }
  }
  ${TAG}
`;

export const TagUpdateDocument = gql`
  mutation TagUpdate($input: TagUpdateInput!) {
    tagUpdate(input: $input) {
      ...TagData
    }
  }
  ${TAG}
`;

export const FindPerformerDocument = gql`
  query FindPerformer($id: ID!) {
    findPerformer(id: $id) {
      ...PerformerData
    }
  }
  ${PERFORMER}
`;

export const FindPerformersDocument = gql`
  query FindPerformers($filter: FindFilterType, $performer_filter: PerformerFilterType, $performer_ids: [Int!]) {
    findPerformers(filter: $filter, performer_filter: $performer_filter, performer_ids: $performer_ids) {
      count
      performers {
        ...PerformerData
      }
    }
  }
  ${PERFORMER}
`;

export const FindPerformersForSelectDocument = gql`
  query FindPerformersForSelect($filter: FindFilterType, $performer_filter: PerformerFilterType, $ids: [ID!]) {
    findPerformers(filter: $filter, performer_filter: $performer_filter, ids: $ids) {
      count
      performers {
        id
        name
        disambiguation
        gender
        alias_list
        favorite
        image_path
      }
    }
  }
`;

export const FindStudiosDocument = gql`
  query FindStudios($filter: FindFilterType, $studio_filter: StudioFilterType) {
    findStudios(filter: $filter, studio_filter: $studio_filter) {
      count
      studios {
        ...SlimStudioData
        scene_count
      }
    }
  }
  ${STUDIO}
`;

export const FindGroupsDocument = gql`
  query FindGroups($filter: FindFilterType, $group_filter: GroupFilterType) {
    findGroups(filter: $filter, group_filter: $group_filter) {
      count
      groups {
        id
        name
        front_image_path
      }
    }
  }
`;

export const FindImageDocument = gql`
  query FindImage($id: ID!) {
    findImage(id: $id) {
      ...ImageData
    }
  }
  ${IMAGE}
`;

export const FindImagesDocument = gql`
  query FindImages($filter: FindFilterType, $image_filter: ImageFilterType, $image_ids: [Int!]) {
    findImages(filter: $filter, image_filter: $image_filter, image_ids: $image_ids) {
      count
      images {
        ...ImageData
      }
    }
  }
  ${IMAGE}
`;

export const FindGalleryDocument = gql`
  query FindGallery($id: ID!) {
    findGallery(id: $id) {
      ...GalleryData
    }
  }
  ${GALLERY}
`;

export const FindGalleriesDocument = gql`
  query FindGalleries($filter: FindFilterType, $gallery_filter: GalleryFilterType) {
    findGalleries(filter: $filter, gallery_filter: $gallery_filter) {
      count
      galleries {
        ...GalleryData
      }
    }
  }
  ${GALLERY}
`;

export const JobQueueDocument = gql`
  query JobQueue {
    jobQueue {
      ...JobData
    }
  }
  ${JOB}
`;

export const FindJobDocument = gql`
  query FindJob($input: FindJobInput!) {
    findJob(input: $input) {
      ...JobData
    }
  }
  ${JOB}
`;

export const JobsSubscribeDocument = gql`
  subscription JobsSubscribe {
    jobsSubscribe {
      type
      job {
        ...JobData
      }
    }
  }
  ${JOB}
`;

export const StopJobDocument = gql`
  mutation StopJob($job_id: ID!) {
    stopJob(job_id: $job_id)
  }
`;

export const StopAllJobsDocument = gql`
  mutation StopAllJobs {
    stopAllJobs
  }
`;

export const LogsDocument = gql`
  query Logs {
    logs {
      time
      level
      message
    }
  }
`;

export const LoggingSubscribeDocument = gql`
  subscription LoggingSubscribe {
    loggingSubscribe {
      time
      level
      message
    }
  }
`;

export const ScanCompleteSubscribeDocument = gql`
  subscription ScanCompleteSubscribe {
    scanCompleteSubscribe
  }
`;

export const ConfigurationDocument = gql`
  query Configuration {
    configuration {
      general {
        apiKey
        username
        logLevel
        stashes {
          path
          excludeVideo
          excludeImage
        }
      }
      interface {
        sfwContentMode
        menuItems
        showScrubber
        autostartVideo
        autostartVideoOnPlaySelected
        continuePlaylistDefault
        language
      }
      ui
      plugins
    }
  }
`;

export const ConfigurePluginDocument = gql`
  mutation ConfigurePlugin($plugin_id: ID!, $input: Map!) {
    configurePlugin(plugin_id: $plugin_id, input: $input)
  }
`;

export const ConfigureUiDocument = gql`
  mutation ConfigureUI($input: Map, $partial: Map) {
    configureUI(input: $input, partial: $partial)
  }
`;

export const PluginsDocument = gql`
  query Plugins {
    plugins {
      id
      name
      enabled
      description
      url
      version
      tasks {
        name
        description
      }
      hooks {
        name
        description
        hooks
      }
      settings {
        name
        display_name
        description
        type
      }
      requires
      paths {
        css
        javascript
      }
    }
  }
`;

export const PluginTasksDocument = gql`
  query PluginTasks {
    pluginTasks {
      name
      description
      plugin {
        id
        name
        enabled
      }
    }
  }
`;

export const RunPluginTaskDocument = gql`
  mutation RunPluginTask($plugin_id: ID!, $task_name: String!, $args_map: Map) {
    runPluginTask(plugin_id: $plugin_id, task_name: $task_name, args_map: $args_map)
  }
`;

export const ReloadPluginsDocument = gql`
  mutation ReloadPlugins {
    reloadPlugins
  }
`;

export const SetPluginsEnabledDocument = gql`
  mutation SetPluginsEnabled($enabledMap: BoolMap!) {
    setPluginsEnabled(enabledMap: $enabledMap)
  }
`;

export const MetadataScanDocument = gql`
  mutation MetadataScan($input: ScanMetadataInput!) {
    metadataScan(input: $input)
  }
`;

export const MetadataGenerateDocument = gql`
  mutation MetadataGenerate($input: GenerateMetadataInput!) {
    metadataGenerate(input: $input)
  }
`;

export const StatsDocument = gql`
  query Stats {
    stats {
      scene_count
      scenes_size
      scenes_duration
      image_count
      gallery_count
      performer_count
      studio_count
      tag_count
    }
  }
`;

export const VersionDocument = gql`
  query Version {
    version {
      version
      hash
      build_time
    }
  }
`;
