namespace PortMgmt.Metrics.Recording;

/// <summary>
/// What happened when, in cells of equal width. Only cells in which something happened take room, and when there are too many their width
/// doubles: memory is bounded however long it goes on, and idle time costs nothing.
/// </summary>
/// <param name="origin">Where the first cell begins, a timestamp; the same for all timelines that are to be merged.</param>
/// <param name="width">How wide cells are at first, in the clock's units; the same for all timelines that are to be merged.</param>
/// <remarks>Not thread-safe: whoever owns it guards it. Times are timestamps in the clock's units and may be noted in any order.</remarks>
internal sealed class OperationTimeline(long origin, long width)
{
    public const int MaxCells = 256;

    /// <summary>In the order of time; those from the count on are free.</summary>
    private TimelineCell[] _cells = new TimelineCell[4];

    private int _count;

    private long _width = width;

    /// <summary>Where the last cell begins and ends, timestamps: most of what is noted falls into it.</summary>
    private long _lastStart = long.MaxValue;

    private long _lastEnd = long.MinValue;

    /// <summary>Notes operations that ended.</summary>
    public void End(long at, int count, bool failed)
    {
        ref TimelineCell cell = ref CellAt(at);
        cell.Ended += count;
        if (failed)
        {
            cell.Failed += count;
        }
    }

    /// <summary>Notes an attempt: operations waited, and then ran as one.</summary>
    public void Attempt(long ready, long start, long end, int count)
    {
        if (ready >= _lastStart && end < _lastEnd)
        {
            ref TimelineCell only = ref CellAt(end);
            only.Waiting.Area += (double)count * (start - ready);
            only.Running.Area += end - start;
            return;
        }

        Wait(ready, start, count);
        ref TimelineCell first = ref CellAt(start);
        first.Running.Step(1, UntilEnd(first, start));
        ref TimelineCell last = ref CellAt(end);
        last.Running.Step(-1, UntilEnd(last, end));
    }

    /// <summary>Notes operations that waited.</summary>
    public void Wait(long ready, long until, int count)
    {
        ref TimelineCell first = ref CellAt(ready);
        first.Waiting.Step(count, UntilEnd(first, ready));
        ref TimelineCell last = ref CellAt(until);
        last.Waiting.Step(-count, UntilEnd(last, until));
    }

    /// <summary>Adds what this one has to another of the same origin.</summary>
    public void AddTo(OperationTimeline other)
    {
        for (int i = 0; i < _count; i++)
        {
            other.Add(_cells[i], _width);
        }
    }

    /// <summary>The timeline for readers.</summary>
    /// <param name="clock">The clock that the timestamps are of.</param>
    /// <param name="originTime">The origin as a time.</param>
    /// <returns>Buckets in the order of time; between them nothing ended, ran or waited.</returns>
    public List<TimelineBucket> ToBuckets(OperationClock clock, DateTimeOffset originTime)
    {
        List<TimelineBucket> buckets = [];
        long waiting = 0;
        long running = 0;
        long next = 0;
        for (int i = 0; i < _count; i++)
        {
            TimelineCell cell = _cells[i];
            if (next < cell.Index && (waiting > 0 || running > 0))
            {
                buckets.Add(NewBucket(next, cell.Index - next, new TimelineCell()));
            }

            buckets.Add(NewBucket(cell.Index, 1, cell));
            waiting += cell.Waiting.Change;
            running += cell.Running.Change;
            next = cell.Index + 1;
        }

        return buckets;

        TimelineBucket NewBucket(long index, long length, in TimelineCell cell)
        {
            double units = (double)length * _width;
            return new TimelineBucket
            {
                Start = originTime + clock.ToTimeSpan(index * _width),
                Duration = clock.ToTimeSpan(length * _width),
                Ended = cell.Ended,
                Failed = cell.Failed,
                Waiting = Math.Max(0, waiting + (cell.Waiting.Area / units)),
                Running = Math.Max(0, running + (cell.Running.Area / units)),
            };
        }
    }

    private long UntilEnd(in TimelineCell cell, long at) => ((cell.Index + 1) * _width) - Math.Max(0, at - origin);

    /// <summary>The cell of a moment; good until the next one is asked for.</summary>
    private ref TimelineCell CellAt(long at)
    {
        if (at >= _lastStart && at < _lastEnd)
        {
            return ref _cells[_count - 1];
        }

        return ref Cell(Math.Max(0, at - origin) / _width);
    }

    private ref TimelineCell Cell(long index)
    {
        while (true)
        {
            int place = Find(index);
            if (place >= 0)
            {
                return ref _cells[place];
            }

            if (_count < MaxCells)
            {
                Insert(~place, index);
                RecordLast();
                continue;
            }

            Widen();
            index /= 2;
        }
    }

    /// <summary>The place of a cell, or the complement of where it belongs.</summary>
    private int Find(long index)
    {
        int low = 0;
        int high = _count - 1;
        while (low <= high)
        {
            int middle = (low + high) / 2;
            if (_cells[middle].Index == index)
            {
                return middle;
            }

            if (_cells[middle].Index < index)
            {
                low = middle + 1;
            }
            else
            {
                high = middle - 1;
            }
        }

        return ~low;
    }

    private void Insert(int place, long index)
    {
        TimelineCell[] from = _cells;
        if (_count == from.Length)
        {
            _cells = new TimelineCell[2 * _count];
            Array.Copy(from, _cells, place);
        }

        Array.Copy(from, place, _cells, place + 1, _count - place);
        _cells[place] = new TimelineCell { Index = index };
        _count++;
    }

    /// <summary>Doubles the width: neighbours become one.</summary>
    private void Widen()
    {
        int kept = 0;
        for (int i = 0; i < _count; i++)
        {
            TimelineCell wide = _cells[i].Widen(_width);
            if (kept > 0 && _cells[kept - 1].Index == wide.Index)
            {
                _cells[kept - 1].Add(wide);
            }
            else
            {
                _cells[kept++] = wide;
            }
        }

        _count = kept;
        _width *= 2;
        RecordLast();
    }

    private void RecordLast()
    {
        if (_count == 0)
        {
            return;
        }

        _lastStart = origin + (_cells[_count - 1].Index * _width);
        _lastEnd = _lastStart + _width;
    }

    private void Add(TimelineCell cell, long cellWidth)
    {
        while (_width < cellWidth)
        {
            Widen();
        }

        for (; cellWidth < _width; cellWidth *= 2)
        {
            cell = cell.Widen(cellWidth);
        }

        // Making room for the cell may double the width once more.
        ref TimelineCell into = ref Cell(cell.Index);
        for (; cellWidth < _width; cellWidth *= 2)
        {
            cell = cell.Widen(cellWidth);
        }

        into.Add(cell);
    }
}
