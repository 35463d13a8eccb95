using System.Diagnostics.CodeAnalysis;

namespace PortMgmt.Operations.Dispatching;

/// <summary>What the dispatcher does with the worker of a lane.</summary>
internal interface IWorkerHost
{
    /// <summary>The worker blocks when there is nothing to do, rather than end its pull.</summary>
    bool Blocks { get; }

    /// <summary>Brings the worker to pull. Called without any lock held, after the lane was made active.</summary>
    /// <param name="error">Why it cannot be brought to it; the worker is then lost.</param>
    bool TryWake([NotNullWhen(false)] out Exception? error);

    /// <summary>Lets a blocked worker see that its lane was closed.</summary>
    void Unblock();

    /// <summary>The worker has left: it is disposed of. Called without any lock held.</summary>
    void Retire();
}
