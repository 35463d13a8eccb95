namespace PortMgmt.Operations.Dispatching;

/// <summary>How many operations for whom.</summary>
/// <remarks>
/// A chunk's size follows guided self-scheduling (C. D. Polychronopoulos and D. J. Kuck, IEEE Trans. Comp. C-36, 1987): an equal share of
/// what waits, so chunks shrink towards the end and nobody straggles. Lanes that run out of work moreover join the chunk of another lane
/// before they take from the queue, so that operations start in their order whatever one takes; and what waits in a chunk while a lane
/// takes long is taken back, for lanes that have parked.
/// </remarks>
internal static class ChunkSizing
{
    /// <summary>What a chunk takes at most, by what was measured: nobody waits longer behind others that happened to be given out with it.</summary>
    public static readonly TimeSpan MaxTime = TimeSpan.FromMilliseconds(20);

    /// <summary>The time that a chunk may take whatever the flush time is: less would be lost in handing over.</summary>
    public static readonly TimeSpan MinTime = TimeSpan.FromMilliseconds(1);

    /// <summary>A lane's share of what waits.</summary>
    /// <param name="waiting">How many operations wait.</param>
    /// <param name="lanes">How many lanes there may be.</param>
    /// <param name="batchSize">How many operations a chunk has at most.</param>
    /// <param name="pace">How many the lane does in the time that a chunk should take.</param>
    public static int Share(int waiting, int lanes, int batchSize, int pace) =>
        Math.Min((waiting + lanes - 1) / lanes, Math.Min(batchSize, pace));

    /// <summary>
    /// How many operations a lane does in a time, going by its last chunk; one, where nothing was measured yet. A chunk of one costs next
    /// to nothing beside operations that take long.
    /// </summary>
    /// <param name="took">How long the lane was at its last chunk.</param>
    /// <param name="given">How many operations of it the lane started; 0 for a lane that had none yet.</param>
    /// <param name="time">The time, in the same unit.</param>
    public static int Pace(long took, int given, long time)
    {
        if (given <= 0)
        {
            return 1;
        }

        long each = took / given;
        return each <= 0 ? int.MaxValue : (int)Math.Clamp(time / each, 1, int.MaxValue);
    }

    /// <summary>Into how many chunks what waits goes where chunks are delivered as one piece.</summary>
    /// <param name="repeated">Chunks that run again.</param>
    /// <param name="waiting">How many operations wait.</param>
    /// <param name="batchSize">How many operations a chunk has at most.</param>
    public static int CountChunks(int repeated, int waiting, int batchSize) => repeated + ((waiting + batchSize - 1) / batchSize);
}
