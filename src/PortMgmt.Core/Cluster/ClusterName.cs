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
}
