import { installPackage } from '../clients/installPackage';

/** The Python that has TensorBoard and tensorboardX, each of which writes event files. */
export const installWriters = () => installPackage('tensorboard', '2.21.0', ['tensorboardX==2.6.5']);
