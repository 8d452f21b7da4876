import { useQuery } from "@apollo/client";
import { faImage } from "@fortawesome/free-solid-svg-icons";
import React from "react";
import { ButtonGroup } from "react-bootstrap";
import { Link, Route, type RouteComponentProps, Switch } from "react-router-dom";
import { FindGalleriesDocument, FindGalleryDocument, FindImagesDocument } from "../graphql/documents.ts";
import type { Gallery, Image } from "../graphql/types.ts";
import { criteria } from "../lists/filter.ts";
import { patchComponent } from "../plugins/patch.tsx";
import { GridCard } from "../shared/GridCard.tsx";
import { Icon } from "../shared/Icon.tsx";
import { TagLink } from "../shared/TagLink.tsx";
import { fileName } from "../shared/text.ts";
import { CardList, type CardState } from "./CardList.tsx";
import { Detail, DetailHeader, DetailItem } from "./Detail.tsx";
import { ImageCard } from "./Images.tsx";

const title = (gallery: Gallery) =>
  gallery.title || fileName(gallery.files[0]?.path ?? gallery.folder?.path ?? `Gallery ${gallery.id}`);

type GalleryCardProps = { gallery: Gallery } & Partial<Omit<CardState, "width">> & { cardWidth?: number };

const Popovers = patchComponent<GalleryCardProps>("GalleryCard.Popovers", ({ gallery }) => (
  <>
    <hr />
    <ButtonGroup className="card-popovers">
      <Link to={`/galleries/${gallery.id}`} className="btn btn-primary minimal">
        <Icon icon={faImage} />
        <span>{gallery.image_count}</span>
      </Link>
    </ButtonGroup>
  </>
));
const Details = patchComponent<GalleryCardProps>("GalleryCard.Details", ({ gallery }) => (
  <div className="gallery-card__details">
    <span className="gallery-card__date">{gallery.date}</span>
  </div>
));
const Overlays = patchComponent<GalleryCardProps>("GalleryCard.Overlays", () => null);
const CardImage = patchComponent<GalleryCardProps>("GalleryCard.Image", ({ gallery }) => (
  <div className="gallery-card-cover">
    <img loading="lazy" className="gallery-card-image" alt="" src={gallery.image_count ? gallery.paths.cover : ""} />
  </div>
));

export const GalleryCard = patchComponent<GalleryCardProps>("GalleryCard", (props) => (
  <GridCard
    className={`gallery-card zoom-${props.zoomIndex ?? 1}`}
    url={`/galleries/${props.gallery.id}`}
    width={props.cardWidth}
    title={title(props.gallery)}
    linkClassName="gallery-card-header"
    image={<CardImage {...props} />}
    details={<Details {...props} />}
    overlays={<Overlays {...props} />}
    popovers={<Popovers {...props} />}
    selected={props.selected}
    selecting={props.selecting}
    onSelectedChanged={props.onSelectedChanged}
  />
));

export const GalleryList = patchComponent("GalleryList", () => (
  <CardList<Gallery>
    className="gallery-list"
    document={FindGalleriesDocument}
    variables={(filter) => ({ gallery_filter: criteria(filter) })}
    read={({ findGalleries }) =>
      findGalleries && {
        count: findGalleries.count,
        items: (findGalleries as unknown as { galleries: Gallery[] }).galleries,
      }
    }
    sorts={["path", "title", "date", "created_at", "id"]}
    card={(gallery, { width, ...state }) => (
      <GalleryCard key={gallery.id} gallery={gallery} cardWidth={width} {...state} />
    )}
  />
));

interface ImagesPanelProps {
  active: boolean;
  gallery: Gallery;
}

const GalleryImagesPanel = patchComponent<ImagesPanelProps>("GalleryImagesPanel", ({ gallery: { id } }) => {
  const { data } = useQuery<{ findImages: { images: Image[] } }>(FindImagesDocument, {
    variables: {
      filter: { page: 1, per_page: 40, sort: "path", direction: "ASC" },
      image_filter: { galleries: { value: [id], modifier: "INCLUDES_ALL" } },
    },
  });
  return (
    <div className="row justify-content-center">
      {data?.findImages.images.map((image) => (
        <ImageCard key={image.id} image={image} cardWidth={280} />
      ))}
    </div>
  );
});

function GalleryPage({ match }: RouteComponentProps<{ id: string }>) {
  const { id } = match.params;
  return (
    <Detail<Gallery> id={id} document={FindGalleryDocument} field="findGallery">
      {(gallery) => (
        <div id="gallery-page" className="row">
          <DetailHeader title={title(gallery)}>
            <DetailItem id="details" title="Details" value={gallery.details} />
            {gallery.tags.length > 0 && (
              <div className="wrap-tags">
                {gallery.tags.map((tag) => (
                  <TagLink key={tag.id} tag={tag} linkType="gallery" />
                ))}
              </div>
            )}
          </DetailHeader>
          <div className="detail-body">
            <GalleryImagesPanel active gallery={gallery} />
          </div>
        </div>
      )}
    </Detail>
  );
}

export function Galleries() {
  return (
    <Switch>
      <Route exact path="/galleries" component={GalleryList} />
      <Route path="/galleries/:id" component={GalleryPage} />
    </Switch>
  );
}
