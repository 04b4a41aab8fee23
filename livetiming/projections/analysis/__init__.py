"""What happened in a session, for every car and at any moment: tables folded from happenings.

`Analysis()` before the first event, or `Analysis(state, at)` where a log begins at a snapshot:

- `step(event, state) -> Changes`: takes the next event; `state` is the timing state *after* it, to
  be read only. `Changes` is `{table: [row number…]}` of the base tables' rows that are new or were
  withdrawn, empty (and falsy) as a rule.
- `base: dict[str, Table]`: the base tables. `Table.name`, `.columns`, `len(table)`, `.row(n)` (a
  list in column order), `.rows` (typed structs), `.known` and `.withdrawn` (instants, by number).
- `tables(at=None) -> dict[str, Document]`: every table, base and aggregate, by name; `Document`
  has `columns` and `rows` (lists in column order). With `at` as it was known at that instant.
- `table(name, at=None) -> Document`: one of them.
- `typed(name, at=None) -> list[Row]`: the rows of one table that hold, as structs.
- `document(source, tables) -> bytes` writes the stored form; `Source(session, seq, chain, at)`.
- `VERSION`, `TABLES` (names of all tables, base first), `columns_of(name)`.

**Base tables** keep every row: `known_at` is when it became known, `withdrawn_at` when it was taken
back (null while it holds); a corrected row is withdrawn and another one added. Columns, each
followed by `known_at,withdrawn_at`:

- `entries`: car,num,class,team,model,from_lap,best_us,present
- `laps`: car,num,class,team,lap,time_us,at,driver,position,class_position,s1_us,s2_us,s3_us,flag,
  in_lap,out_lap,tyre,mark,valid
- `stops`: car,num,stop,lap,in_at,out_at,lane_us,driver_in,driver_out,fuelled
- `flags`: flag,from_at,to_at,from_lap,to_lap
- `positions`: lap,car,num,position,class_position,at,gap_us,gap_laps
- `messages`: at,category,text,style,car,origin
- `states`: car,state,at
- `places`: car,position,at
- `lengths`: at,kind,laps_total,ends_at,remaining_us

**Aggregates** are pure functions of the base rows that hold at an instant, and of that instant:

- `stints`: car,num,stint,driver,from_lap,to_lap,from_at,to_at,laps,best_us,mean_us,yellow_laps,
  tyre,open
- `drivers`: car,num,driver,laps,stints,time_us,share,best_us
- `flag_shares`: flag,laps,time_us,share
- `classification`: position,class_position,car,num,class,laps,best_us,last_at,gap_us,gap_laps,state
- `bests`: class,what,time_us,car,num,driver,lap,at (`class` null: of all; `what`: lap, s1, s2, s3)
- `theoretical`: car,num,driver,s1_us,s2_us,s3_us,time_us,best_us (`driver` null: of the car)
- `gaps`: lap,car,num,leader_us,leader_laps,class_us,class_laps
- `car_states`: state,cars
- `predictions`: leader,laps,pace_us,ends_at,laps_total,by

Happenings (`livetiming.projections.happenings`): `Interpreter().step(event, state)` gives the list
of what an event meant; an event that gives any ends a run of `changed` for `rectool compact`.
"""

from livetiming.projections.analysis.analysis import (
    TABLES,
    VERSION,
    Analysis,
    Document,
    Source,
    columns_of,
    document,
)
from livetiming.projections.analysis.table import Changes, Table

__all__ = [
    "TABLES",
    "VERSION",
    "Analysis",
    "Changes",
    "Document",
    "Source",
    "Table",
    "columns_of",
    "document",
]
