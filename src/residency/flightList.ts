import { ChunkFlight, type ChunkRecord } from "./chunkRecord.js";

/** The index of a flight that has ended. */
export const ENDED = -1;

/** All chunks that are on their way through the sources, in no order. */
export class FlightList {
    private readonly _flights: ChunkFlight[] = [];

    public get count(): number {
        return this._flights.length;
    }

    /** @param index 0 to `count - 1` */
    public at(index: number): ChunkFlight {
        return this._flights[index]!;
    }

    public add(record: ChunkRecord): ChunkFlight {
        const flight = new ChunkFlight(record, record.key, record.address, this._flights.length);
        this._flights.push(flight);
        return flight;
    }

    /** Takes a flight out; the last takes its place, so that who goes through all backwards misses none. */
    public remove(flight: ChunkFlight): void {
        const last = this._flights.pop()!;
        if (last !== flight) {
            this._flights[flight.index] = last;
            last.index = flight.index;
        }
        flight.index = ENDED;
    }
}
