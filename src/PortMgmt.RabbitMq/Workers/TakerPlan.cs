namespace PortMgmt.RabbitMq.Workers;

/// <summary>
/// Which takers go where, so that no partition starves and no room is left empty while a partition has more than its takers can hold.
/// At rest, with a taker for each partition, nothing moves.
/// </summary>
internal static class TakerPlan
{
    /// <summary>Plans the moves of one look.</summary>
    /// <param name="takers">The takers; those without a consumer stay.</param>
    /// <param name="attended">For each partition, the number of the last look at which somebody was there.</param>
    /// <param name="hasWork">For each partition that nobody attends, whether something waits there, as far as the broker was asked.</param>
    /// <returns>Who goes where; no taker twice.</returns>
    public static IReadOnlyList<(WorkTaker Taker, int Partition)> Make(IReadOnlyList<WorkTaker> takers, IReadOnlyList<long> attended, IReadOnlyList<bool> hasWork)
    {
        int[] count = new int[attended.Count];
        int[] idle = new int[attended.Count];

        // When somebody came who might have had room: those that nobody attends and those whose takers are full take turns. Behind them is
        // what seems to be empty: it is visited nevertheless while there is nothing better to do, so that a count need not be right.
        long[] visited = [.. attended];
        foreach (WorkTaker taker in takers)
        {
            visited[taker.Partition] = Math.Max(taker.Since, count[taker.Partition] == 0 ? 0 : visited[taker.Partition]);
            count[taker.Partition]++;
            idle[taker.Partition] += taker.IsIdle ? 1 : 0;
        }

        IEnumerable<int> inNeed = Enumerable.Range(0, attended.Count).Where(partition => idle[partition] == 0)
            .OrderByDescending(partition => count[partition] > 0 || hasWork[partition]).ThenBy(partition => visited[partition]);
        WorkTaker[] free = [.. takers.Where(taker => taker.IsIdle).OrderByDescending(taker => count[taker.Partition]).ThenBy(taker => taker.Since)];
        return free.Length > 0 ? [.. free.Zip(inNeed)] : Rotate(takers, count, attended, hasWork);
    }

    // Nobody is free: one at a time goes to where nobody is and something waits, or from where most are to where fewest are.
    private static IReadOnlyList<(WorkTaker Taker, int Partition)> Rotate(IReadOnlyList<WorkTaker> takers, int[] count, IReadOnlyList<long> attended, IReadOnlyList<bool> hasWork)
    {
        int[] unattended = [.. Enumerable.Range(0, count.Length).Where(partition => count[partition] == 0 && hasWork[partition]).OrderBy(partition => attended[partition])];
        if (takers.Where(taker => taker.Consumer is not null).OrderByDescending(taker => count[taker.Partition]).ThenBy(taker => taker.Since).FirstOrDefault() is not { } from)
        {
            return [];
        }

        int to = unattended.Length > 0 ? unattended[0] : Enumerable.Range(0, count.Length).Where(partition => count[partition] > 0).MinBy(partition => count[partition]);
        return unattended.Length > 0 || count[from.Partition] - count[to] > 1 ? [(from, to)] : [];
    }
}
