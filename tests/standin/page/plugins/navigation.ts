/** PluginApi.utils.NavUtils: addresses of lists. */
const to = (path: string) => (thing: { id?: string | null }) => (thing.id ? `${path}${thing.id}` : "#");

export const NavUtils = {
  makePerformerScenesUrl: to("/scenes?performer="),
  makePerformerImagesUrl: to("/images?performer="),
  makePerformerGalleriesUrl: to("/galleries?performer="),
  makeStudioScenesUrl: to("/scenes?studio="),
  makeTagUrl: (id: string) => `/tags/${id}`,
  makeTagScenesUrl: to("/scenes?tag="),
  makeTagImagesUrl: to("/images?tag="),
  makeTagGalleriesUrl: to("/galleries?tag="),
  makeTagPerformersUrl: to("/performers?tag="),
  makeTagSceneMarkersUrl: to("/scenes/markers?tag="),
  makeSceneMarkerUrl: (marker: { seconds: number; scene: { id: string } }) =>
    `/scenes/${marker.scene.id}?t=${marker.seconds}`,
  makeGalleryImagesUrl: to("/galleries/"),
};
