"""The Schedule service."""

from __future__ import annotations

import grpc

from protos import schedule_pb2, schedule_pb2_grpc
from sidecar.convert import schedule as convert
from sidecar.schedule.scheduler import Scheduler
from sidecar.servicer.errors import guard


class ScheduleServicer(schedule_pb2_grpc.ScheduleServicer):
    def __init__(self, scheduler: Scheduler) -> None:
        self._scheduler = scheduler

    @guard
    def SetSchedule(  # noqa: N802
        self, request: schedule_pb2.SetScheduleRequest, context: grpc.ServicerContext
    ) -> schedule_pb2.ScheduleState:
        return convert.from_view(self._scheduler.set(convert.to_schedule(request)))

    @guard
    def GetSchedule(  # noqa: N802
        self, request: schedule_pb2.GetScheduleRequest, context: grpc.ServicerContext
    ) -> schedule_pb2.ScheduleState:
        return convert.from_view(self._scheduler.view())

    @guard
    def ClearSchedule(  # noqa: N802
        self, request: schedule_pb2.ClearScheduleRequest, context: grpc.ServicerContext
    ) -> schedule_pb2.ScheduleState:
        return convert.from_view(self._scheduler.clear())

    @guard
    def RunNow(  # noqa: N802
        self, request: schedule_pb2.RunNowRequest, context: grpc.ServicerContext
    ) -> schedule_pb2.RunNowResponse:
        outcome = self._scheduler.run_now(request.id, lambda: not context.is_active())
        return schedule_pb2.RunNowResponse(outcome=convert.from_outcome(outcome))
