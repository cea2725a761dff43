namespace SignData.Torch;

/// <summary>
/// Disposes, when it ends, the tensors that its thread made since it began: one scope for each training step keeps memory flat.
/// Scopes nest and belong to their thread; none may live across an await.
/// </summary>
public sealed class DisposeScope : IDisposable
{
    [ThreadStatic] private static DisposeScope? current;

    private readonly DisposeScope? outer;
    private Tensor?[] tensors = new Tensor?[64];
    private int count;
    private bool ended;

    internal DisposeScope()
    {
        outer = current;
        current = this;
    }

    /// <summary>How many tensors the scope would dispose now.</summary>
    public int Count
    {
        get
        {
            int alive = 0;
            for (int i = 0; i < count; i++)
            {
                alive += tensors[i] is null ? 0 : 1;
            }
            return alive;
        }
    }

    internal static void Enter(Tensor tensor) => current?.Add(tensor);

    internal void Leave(Tensor tensor)
    {
        if (tensors[tensor.ScopeSlot] == tensor)
        {
            tensors[tensor.ScopeSlot] = null;
        }
        tensor.Scope = null;
    }

    internal void MoveOut(Tensor tensor)
    {
        Leave(tensor);
        outer?.Add(tensor);
    }

    /// <summary>Disposes every tensor that was neither moved out nor detached, and returns to the scope around this one.</summary>
    public void Dispose()
    {
        if (ended)
        {
            return;
        }
        if (current != this)
        {
            throw new InvalidOperationException("A scope ends on the thread that began it, and after the scopes inside it.");
        }
        ended = true;
        current = outer;
        for (int i = 0; i < count; i++)
        {
            tensors[i]?.Dispose();
        }
    }

    private void Add(Tensor tensor)
    {
        if (count == tensors.Length)
        {
            Array.Resize(ref tensors, count * 2);
        }
        tensors[count] = tensor;
        tensor.ScopeSlot = count++;
        tensor.Scope = this;
    }
}
