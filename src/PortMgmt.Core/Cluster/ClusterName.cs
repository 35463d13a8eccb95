using PortMgmt.Operations;
using PortMgmt.Operations.Errors;

namespace PortMgmt.Cluster;

/// <summary>
/// Names that are part of queue names: of clusters, nodes, types and batches. 1 to 64 characters of ASCII letters, digits and
/// <c>._:-</c>, compared by ordinal, so that they read the same in every tool of the broker.
/// </summary>
internal static class ClusterName
{
    /// <summary>The longest name, in characters.</summary>
    public const int MaxLength = 64;

    /// <summary>
    /// What stands behind a cluster's id in the names of its queues, between dots. An id that had one of these behind a dot could give a queue
    /// the name of another cluster's: that of type <c>b</c> in cluster <c>a.work.x</c> is that of type <c>x.work.b</c> in cluster <c>a</c>.
    /// </summary>
    public static readonly IReadOnlyList<string> QueueKinds = ["work", "suspect", "exhausted", "dead", "seal", "owner", "batch"];

    /// <summary>Whether a text is such a name.</summary>
    /// <param name="name">The text.</param>
    /// <returns>True if it is.</returns>
    public static bool IsValid(string? name) =>
        name is { Length: > 0 and <= MaxLength } && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or ':' or '-');

    /// <summary>Requires such a name.</summary>
    /// <param name="option">What it is the name of.</param>
    /// <param name="name">The text.</param>
    /// <exception cref="OperationException"><see cref="OperationErrorCode.InvalidOption"/>: it is none.</exception>
    public static void Require(string option, string? name)
    {
        if (!IsValid(name))
        {
            throw OptionCheck.Invalid(option, $"{option} is '{name}': give 1 to {MaxLength} letters, digits and . _ : -");
        }
    }

    /// <summary>Requires the id of a cluster: such a name, in which no part behind a dot is one of <see cref="QueueKinds"/>.</summary>
    /// <param name="option">What it is the id of.</param>
    /// <param name="id">The text.</param>
    /// <exception cref="OperationException"><see cref="OperationErrorCode.InvalidOption"/>: it is none.</exception>
    public static void RequireCluster(string option, string? id)
    {
        Require(option, id);
        if (id!.Split('.').Skip(1).FirstOrDefault(QueueKinds.Contains) is { } kind)
        {
            throw OptionCheck.Invalid(
                option,
                $"{option} is '{id}': behind a dot, '{kind}' is the beginning of queues' names, and a queue could be that of another cluster. Give an id without it, such as '{id.Replace('.', '-')}'.");
        }
    }
}
