import { faTag } from "@fortawesome/free-solid-svg-icons";
import React from "react";
import { ButtonGroup, Nav, Tab } from "react-bootstrap";
import { Route, type RouteComponentProps, Switch } from "react-router-dom";
import { FindImageDocument, FindImagesDocument } from "../graphql/documents.ts";
import type { Image } from "../graphql/types.ts";
import { criteria } from "../lists/filter.ts";
import { patchComponent } from "../plugins/patch.tsx";
import { CardCount } from "../shared/CardCount.tsx";
import { GridCard } from "../shared/GridCard.tsx";
import { TagLink } from "../shared/TagLink.tsx";
import { TruncatedText } from "../shared/TruncatedText.tsx";
import { fileName } from "../shared/text.ts";
import { CardList, type CardState } from "./CardList.tsx";
import { Detail } from "./Detail.tsx";

const title = (image: Image) => image.title || fileName(image.visual_files[0]?.path ?? "");

type ImageCardProps = { image: Image } & Partial<Omit<CardState, "width">> & { cardWidth?: number };

export const ImageCard = patchComponent<ImageCardProps>("ImageCard", ({ image, cardWidth, zoomIndex, ...state }) => (
  <GridCard
    className={`image-card zoom-${zoomIndex ?? 1}`}
    url={`/images/${image.id}`}
    width={cardWidth}
    title={title(image)}
    linkClassName="image-card-link"
    image={
      <div className="image-card-preview">
        <img className="image-card-preview-image" loading="lazy" alt="" src={image.paths.thumbnail ?? ""} />
      </div>
    }
    details={
      <div className="image-card__details">
        <span className="image-card__date">{image.date}</span>
        <TruncatedText className="image-card__description" text={image.details} lineCount={3} />
      </div>
    }
    popovers={
      image.tags.length > 0 && (
        <>
          <hr />
          <ButtonGroup className="card-popovers">
            <CardCount
              icon={faTag}
              count={image.tags.length}
              className="tag-count"
              content={image.tags.map((tag) => <TagLink key={tag.id} tag={tag} linkType="image" />)}
            />
          </ButtonGroup>
        </>
      )
    }
    {...state}
  />
));

export const ImageList = patchComponent("ImageList", () => (
  <CardList<Image>
    className="image-list"
    document={FindImagesDocument}
    variables={(filter) => ({ image_filter: criteria(filter) })}
    read={({ findImages }) =>
      findImages && { count: findImages.count, items: (findImages as unknown as { images: Image[] }).images }
    }
    sorts={["path", "title", "date", "created_at", "updated_at", "id"]}
    card={(image, { width, ...state }) => <ImageCard key={image.id} image={image} cardWidth={width} {...state} />}
  />
));

export const ImageDetailPanel = patchComponent<{ image: Image }>("ImageDetailPanel", ({ image }) => (
  <>
    {image.details && <p className="pre">{image.details}</p>}
    {image.tags.length > 0 && (
      <>
        <h6>Tags</h6>
        <div className="wrap-tags">
          {image.tags.map((tag) => (
            <TagLink key={tag.id} tag={tag} linkType="image" />
          ))}
        </div>
      </>
    )}
  </>
));

function ImagePage({ match }: RouteComponentProps<{ id: string }>) {
  return (
    <Detail<Image> id={match.params.id} document={FindImageDocument} field="findImage">
      {(image) => (
        <div className="row">
          <div className="image-tabs order-xl-first order-last">
            <h3 className="image-header">
              <TruncatedText lineCount={2} text={title(image)} />
            </h3>
            <Tab.Container defaultActiveKey="image-details-panel">
              <Nav variant="tabs" className="mr-auto">
                <Nav.Item>
                  <Nav.Link eventKey="image-details-panel">Details</Nav.Link>
                </Nav.Item>
                <Nav.Item>
                  <Nav.Link eventKey="image-file-info-panel">File Info</Nav.Link>
                </Nav.Item>
              </Nav>
              <Tab.Content>
                <Tab.Pane eventKey="image-details-panel">
                  <ImageDetailPanel image={image} />
                </Tab.Pane>
                <Tab.Pane eventKey="image-file-info-panel">{image.visual_files[0]?.path}</Tab.Pane>
              </Tab.Content>
            </Tab.Container>
          </div>
          <div className="image-container">
            <img className="m-sm-auto no-gutter image-image" alt="" src={image.paths.image ?? ""} />
          </div>
        </div>
      )}
    </Detail>
  );
}

export function Images() {
  return (
    <Switch>
      <Route exact path="/images" component={ImageList} />
      <Route path="/images/:id" component={ImagePage} />
    </Switch>
  );
}
