namespace PortMgmt.Operations.Dispatching;

/// <summary>The phases of an operation, kept in the low bits of its state word below the number of attempts.</summary>
internal static class OperationPhase
{
    /// <summary>The width of the phase in the state word.</summary>
    public const int Bits = 3;

    /// <summary>Not started, or waiting to be started again.</summary>
    public const int Waiting = 0;

    /// <summary>An attempt runs and may end with any outcome.</summary>
    public const int Running = 1;

    /// <summary>An attempt runs beyond its time and can only end as timed out.</summary>
    public const int TimeUp = 2;

    /// <summary>An attempt runs in a stopped batch: success still counts, everything else is a cancellation.</summary>
    public const int Stopping = 3;

    /// <summary>The present attempt ended; a later claim to end it comes too late.</summary>
    public const int Ended = 4;

    /// <summary>The phase in a state word.</summary>
    public static int From(int state) => state & ((1 << Bits) - 1);

    /// <summary>The same attempt in another phase.</summary>
    public static int With(int state, int phase) => (state & ~((1 << Bits) - 1)) | phase;

    /// <summary>The state word of the attempt after the given one, running.</summary>
    public static int NextAttempt(int state) => (((state >> Bits) + 1) << Bits) | Running;
}
